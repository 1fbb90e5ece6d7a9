/// What a page draws of a model's quality, in numbers.
package struct Curves: Sendable, Equatable {
    package struct ROCPoint: Sendable, Equatable {
        package var falsePositiveRate: Double
        package var truePositiveRate: Double
    }
    package struct PRPoint: Sendable, Equatable {
        package var recall: Double
        package var precision: Double
    }
    /// Rows that are neighbours in probability.
    package struct Bin: Sendable, Equatable {
        package var count: Int
        package var meanProbability: Double
        package var churnShare: Double
    }
    /// Rows with a probability in [i/20, (i+1)/20), the last with 1 included.
    package struct HistogramBin: Sendable, Equatable {
        package var churned: Int
        package var stayed: Int
    }
    package struct ThresholdRow: Sendable, Equatable {
        package var threshold: Double
        package var confusion: Confusion
    }

    /// At most 200 points from (0, 0) to (1, 1); empty when a class is missing.
    package var roc: [ROCPoint] = []
    /// At most 200 points; empty when nobody churned.
    package var pr: [PRPoint] = []
    /// Ten bins of equal count, lowest probability first.
    package var calibration: [Bin] = []
    /// Twenty bins of equal width.
    package var histogram: [HistogramBin] = []
    /// The same ten bins, highest probability first.
    package var deciles: [Bin] = []
    /// The thresholds .01, .02, … .99.
    package var thresholds: [ThresholdRow] = []

    package init(
        roc: [ROCPoint], pr: [PRPoint], calibration: [Bin], histogram: [HistogramBin], deciles: [Bin],
        thresholds: [ThresholdRow]
    ) {
        self.roc = roc
        self.pr = pr
        self.calibration = calibration
        self.histogram = histogram
        self.deciles = deciles
        self.thresholds = thresholds
    }

    package init(_ ranked: RankedScores) {
        drawCurves(ranked)
        deciles = ranked.equalBins(10).map { bin in
            Bin(
                count: bin.count, meanProbability: bin.scores / Double(bin.count),
                churnShare: bin.positives / Double(bin.count))
        }
        calibration = deciles.reversed()
        histogram = Array(repeating: HistogramBin(churned: 0, stayed: 0), count: 20)
        for group in ranked.groups {
            let bin = min(Int(group.score * 20), 19)
            histogram[bin].churned += group.positives
            histogram[bin].stayed += group.negatives
        }
        thresholds = (1...99).map { percent in
            let threshold = Double(percent) / 100
            return ThresholdRow(threshold: threshold, confusion: ranked.confusion(at: threshold))
        }
    }

    private mutating func drawCurves(_ ranked: RankedScores) {
        var named = 0
        var right = 0
        var roc = [ROCPoint(falsePositiveRate: 0, truePositiveRate: 0)]
        var pr: [PRPoint] = []
        for group in ranked.groups {
            named += group.count
            right += group.positives
            let recall = Double(right) / Double(max(ranked.positives, 1))
            let wrong = Double(named - right) / Double(max(ranked.negatives, 1))
            roc.append(ROCPoint(falsePositiveRate: wrong, truePositiveRate: recall))
            pr.append(PRPoint(recall: recall, precision: Double(right) / Double(named)))
        }
        if ranked.positives > 0 { self.pr = Self.thinned(pr, to: 200) }
        if ranked.positives > 0, ranked.negatives > 0 { self.roc = Self.thinned(roc, to: 200) }
    }

    /// Keeps `limit` points, evenly by index, the first and the last among them.
    private static func thinned<Point>(_ points: [Point], to limit: Int) -> [Point] {
        if points.count <= limit { return points }
        return (0..<limit).map { points[$0 * (points.count - 1) / (limit - 1)] }
    }
}
