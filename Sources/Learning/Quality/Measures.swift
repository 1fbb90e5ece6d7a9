/// The measures of quality, each nil where it is not defined.
package enum Measures {
    /// The mean over churners of the precision at their rank, with all of a tied group named at once.
    package static func averagePrecision(_ ranked: RankedScores) -> Double? {
        guard ranked.positives > 0 else { return nil }
        var named = 0
        var right = 0
        var sum = 0.0
        for group in ranked.groups {
            named += group.count
            right += group.positives
            sum += Double(group.positives) * Double(right) / Double(named)
        }
        return sum / Double(ranked.positives)
    }

    /// Mean of -ln p of what happened; nil when one row makes it infinite, or there is none.
    package static func logLoss(_ probabilities: [Double], _ labels: [Bool]) -> Double? {
        guard !labels.isEmpty else { return nil }
        let sum = logLosses(probabilities, labels).reduce(0, +)
        return sum.isFinite ? sum / Double(labels.count) : nil
    }

    /// -ln p of what happened, row by row; infinite where the probability was 0.
    package static func logLosses(_ probabilities: [Double], _ labels: [Bool]) -> [Double] {
        zip(probabilities, labels).map { -($1 ? Elementary.log($0) : Elementary.log1p(-$0)) }
    }

    /// The log loss of the share of churners itself: 0 when there is only one class.
    package static func logLossOfConstant(_ ranked: RankedScores) -> Double? {
        guard ranked.count > 0 else { return nil }
        let share = Double(ranked.positives) / Double(ranked.count)
        guard share > 0, share < 1 else { return 0 }
        return -(share * Elementary.log(share) + (1 - share) * Elementary.log1p(-share))
    }

    package static func brier(_ probabilities: [Double], _ labels: [Bool]) -> Double? {
        guard !labels.isEmpty else { return nil }
        var sum = 0.0
        for (probability, label) in zip(probabilities, labels) {
            let miss = probability - (label ? 1 : 0)
            sum += miss * miss
        }
        return sum / Double(labels.count)
    }

    /// Mean distance between the mean probability and the share of churners, over ten bins of equal count.
    package static func calibrationError(_ ranked: RankedScores) -> Double? {
        guard ranked.count > 0 else { return nil }
        var sum = 0.0
        for bin in ranked.equalBins(10) { sum += abs(bin.scores - bin.positives) }
        return sum / Double(ranked.count)
    }

    /// The share of churners among the highest tenth (rounded up) over the share among all.
    package static func lift(_ ranked: RankedScores) -> Double? {
        guard ranked.positives > 0 else { return nil }
        let tenth = (ranked.count + 9) / 10
        let found = ranked.bins(endingAt: [tenth])[0].positives
        return found / Double(tenth) * Double(ranked.count) / Double(ranked.positives)
    }
}
