import JSON

/// Points are short arrays, since there are hundreds of them; the key says what their places are.
extension Curves {
    var json: JSONValue {
        [
            "roc": .array(roc.map { JSONValue([$0.falsePositiveRate, $0.truePositiveRate]) }),
            "pr": .array(pr.map { JSONValue([$0.recall, $0.precision]) }),
            "calibration": .array(calibration.map(\.json)),
            "histogram": .array(histogram.map { ["churned": JSONValue($0.churned), "stayed": JSONValue($0.stayed)] }),
            "deciles": .array(deciles.map(\.json)),
            "thresholds": .array(
                thresholds.map { row in
                    .object([.init("threshold", JSONValue(row.threshold))] + (row.confusion.json.members ?? []))
                }),
        ]
    }

    init(_ reader: consuming MemberReader) throws(ModelFileError) {
        let roc = try Self.points(&reader, "roc").map { ROCPoint(falsePositiveRate: $0.0, truePositiveRate: $0.1) }
        let pr = try Self.points(&reader, "pr").map { PRPoint(recall: $0.0, precision: $0.1) }
        let calibration = try Self.bins(&reader, "calibration")
        let deciles = try Self.bins(&reader, "deciles")
        var histogram: [HistogramBin] = []
        for var bin in try reader.objects("histogram") {
            histogram.append(HistogramBin(churned: try bin.count("churned"), stayed: try bin.count("stayed")))
            try bin.finish()
        }
        var thresholds: [ThresholdRow] = []
        for var row in try reader.objects("thresholds") {
            let threshold = try row.number("threshold", in: 0...1)
            thresholds.append(ThresholdRow(threshold: threshold, confusion: try Confusion(&row)))
            try row.finish()
        }
        try reader.finish()
        self.init(
            roc: roc, pr: pr, calibration: calibration, histogram: histogram, deciles: deciles, thresholds: thresholds)
    }

    private static func points(
        _ reader: inout MemberReader, _ key: String
    ) throws(ModelFileError) -> [(Double, Double)] {
        var points: [(Double, Double)] = []
        for element in try reader.array(key) {
            guard let pair = element.elements, pair.count == 2, let x = pair[0].number, let y = pair[1].number else {
                throw reader.fault(key, "holds something that is not a pair of numbers")
            }
            points.append((x, y))
        }
        return points
    }

    private static func bins(_ reader: inout MemberReader, _ key: String) throws(ModelFileError) -> [Bin] {
        var bins: [Bin] = []
        for var bin in try reader.objects(key) {
            bins.append(
                Bin(
                    count: try bin.count("n"), meanProbability: try bin.number("mean_probability", in: 0...1),
                    churnShare: try bin.number("churn_share", in: 0...1)))
            try bin.finish()
        }
        return bins
    }
}

extension Curves.Bin {
    fileprivate var json: JSONValue {
        [
            "n": JSONValue(count), "mean_probability": JSONValue(meanProbability), "churn_share": JSONValue(churnShare),
        ]
    }
}
