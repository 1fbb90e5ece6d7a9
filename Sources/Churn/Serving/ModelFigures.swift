import Bytes
import Learning
import Metrics
import Report

/// What `/metrics` says of the model that serves: how it was judged, when it came, and what it knows.
struct ModelFigures: Sendable {
    private let version: String
    private let quality: [(metric: StaticString, value: Double)]
    /// 95 % intervals: DeLong's of the AUC, Wilson's of the shares.
    private let intervals: [(metric: StaticString, range: ClosedRange<Double>)]
    /// Seconds since 1970: when the model was registered.
    private let trainedAt: Int
    /// Seconds since 1970: the newest date whose customers it has seen; nil for one without dates.
    private let dataAsOf: Int?

    /// - Parameter registeredAt: microseconds since 1970.
    init(_ file: ModelFile, registeredAt: Int) {
        let quality = file.contents.quality
        let all: [(StaticString, Double?)] = [
            ("auc", quality.auc), ("pr_auc", quality.prAUC), ("log_loss", quality.logLoss), ("brier", quality.brier),
            ("ece", quality.ece), ("accuracy", quality.accuracy), ("precision", quality.precision),
            ("recall", quality.recall), ("f1", quality.f1), ("lift_10", quality.lift10),
        ]
        version = file.version
        self.quality = all.compactMap { metric, value in value.map { (metric, $0) } }
        let auc = quality.aucLow.flatMap { low in quality.aucHigh.map { low...$0 } }
        intervals = ([("auc", auc)] + Self.shares(quality.confusion)).compactMap { metric, range in
            range.map { (metric, $0) }
        }
        trainedAt = registeredAt / 1_000_000
        let split = file.contents.split
        let dates = split.train.dates + (split.validation?.dates ?? []) + (split.test?.dates ?? [])
        dataAsOf = dates.compactMap { CommandText.day($0) }.max().map { $0 * 86_400 }
    }

    private static func shares(_ confusion: Confusion) -> [(StaticString, ClosedRange<Double>?)] {
        let found = confusion.truePositives
        return [
            ("accuracy", Interval.share(found + confusion.trueNegatives, of: confusion.count)),
            ("precision", Interval.share(found, of: found + confusion.falsePositives)),
            ("recall", Interval.share(found, of: found + confusion.falseNegatives)),
        ]
    }

    /// Appends the metrics as Prometheus text 0.0.4.
    func write(into body: inout ByteBuffer) {
        body.append(
            metric: "churn_model_quality", "gauge", "How the model did on rows that it had not seen, by measure.")
        for (metric, value) in quality { write("churn_model_quality", metric, value, &body) }
        body.append(metric: "churn_model_quality_low", "gauge", "The lower 95 % bound.")
        for (metric, range) in intervals { write("churn_model_quality_low", metric, range.lowerBound, &body) }
        body.append(metric: "churn_model_quality_high", "gauge", "The upper 95 % bound.")
        for (metric, range) in intervals { write("churn_model_quality_high", metric, range.upperBound, &body) }
        body.append(
            metric: "churn_model_trained_timestamp_seconds", "gauge", "When the model was registered, since 1970.")
        write("churn_model_trained_timestamp_seconds", trainedAt, &body)
        guard let dataAsOf else { return }
        body.append(
            metric: "churn_model_data_as_of_seconds", "gauge",
            "The newest date that the model was judged on, since 1970.")
        write("churn_model_data_as_of_seconds", dataAsOf, &body)
    }

    private func write(_ name: StaticString, _ metric: StaticString, _ value: Double, _ body: inout ByteBuffer) {
        body.append(name)
        body.append("{metric=\"")
        body.append(metric)
        body.append("\",version=\"")
        body.append(text: version)
        body.append("\"} ")
        body.append(shortest: value)
        body.append(byte: 0x0A)
    }

    private func write(_ name: StaticString, _ value: Int, _ body: inout ByteBuffer) {
        body.append(name)
        body.append(byte: 0x20)
        body.append(decimal: value)
        body.append(byte: 0x0A)
    }
}
