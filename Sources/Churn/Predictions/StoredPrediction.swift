import Bytes
import JSON
import Learning
import Postgres

/// A prediction read back from the table.
enum StoredPrediction {
    static let statement = """
        SELECT customer_id, model, as_of, threshold, risk, features FROM predictions WHERE id = $1
        """

    static func model(_ result: borrowing QueryResult) -> Int32 { Int32(truncatingIfNeeded: result.integer(0, 1) ?? 0) }

    /// Appends the answer that was given when it was made.
    ///
    /// - Returns: false if the stored features do not fit the model, which no row of this program does.
    static func write(
        _ id: PredictionID, _ result: borrowing QueryResult, _ model: ServingModel, into body: inout ByteBuffer
    ) -> Bool {
        var answers = StoredAnswers()
        return answers.write(id, result, 0, Columns.one, model, into: &body) != nil
    }

    /// Where the columns of a prediction are in the rows of a query.
    struct Columns {
        let customer: Int
        let asOf: Int
        let threshold: Int
        let risk: Int
        let features: Int

        static let one = Columns(customer: 0, asOf: 2, threshold: 3, risk: 4, features: 5)
    }
}

/// Makes answers again from rows, one after the other, in memory that is used again and again.
///
/// Contributions and base are computed again from the stored features by the model that made them: the same function on the
/// same inputs, so the same bytes. What was decided is read: it may have depended on a scoring run.
struct StoredAnswers: ~Copyable {
    private var featureCount = 1
    private var instance = Instance(featureCount: 1)
    /// The features of the last row.
    private(set) var values = FeatureValues(featureCount: 1)
    private var faults = Faults()
    private var time = ByteBuffer(capacity: 32)

    /// Appends the answer of one row of a query.
    ///
    /// - Returns: whether the decision was churn; nil if the stored features do not fit the model.
    mutating func write(
        _ id: PredictionID, _ result: borrowing QueryResult, _ row: Int, _ columns: StoredPrediction.Columns,
        _ model: ServingModel, into body: inout ByteBuffer
    ) -> Bool? {
        begin(model)
        instance.setCustomer(result.bytes(row, columns.customer))
        let features = result.bytes(row, columns.features)
        var reader = JSONReader(features)
        do throws(JSONError) {
            try instance.readFeatures(&reader, features, model, &faults, InstancePath(index: nil))
        } catch {
            return nil
        }
        guard faults.isEmpty, model.model.score(&instance.row) == .scored,
            let threshold = result.double(row, columns.threshold), let risk = Risk(result.bytes(row, columns.risk))
        else { return nil }
        let decision = RowDecision(threshold: threshold, risk: risk)
        values.set(instance, model)
        time.removeAll()
        time.append(time: CivilTime(microsecondsSince1970: id.microseconds))
        let context = AnswerContext(id: id, createdAt: id.microseconds, asOf: result.date(row, columns.asOf))
        Answer.write(&instance, model, decision, context, values: values, time: time, into: &body)
        return decision.isChurn
    }

    private mutating func begin(_ model: ServingModel) {
        faults.removeAll()
        if model.featureCount == featureCount { return instance.reset() }
        featureCount = model.featureCount
        instance = Instance(featureCount: featureCount)
        values = FeatureValues(featureCount: featureCount)
    }
}

extension Risk {
    /// Nil for what is none.
    fileprivate init?(_ text: Span<UInt8>) {
        if text.equals("low") {
            self = .low
        } else if text.equals("medium") {
            self = .medium
        } else if text.equals("high") {
            self = .high
        } else {
            return nil
        }
    }
}
