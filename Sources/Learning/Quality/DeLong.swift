/// The area under the ROC curve with its variance.
///
/// DeLong, DeLong, Clarke-Pearson 1988: each row's placement is the share of the other class that it outranks, ties
/// counted half; the area is their mean, and the variance of the area comes from theirs.
package struct DeLong: Sendable, Equatable {
    package let auc: Double
    /// Nil with fewer than two rows of either class.
    package let variance: Double?

    /// Nil when a class is missing.
    package init?(_ ranked: RankedScores) {
        guard ranked.positives > 0, ranked.negatives > 0 else { return nil }
        let positives = Double(ranked.positives)
        let negatives = Double(ranked.negatives)
        var negativesBelow = ranked.negatives
        var sum = 0.0
        for group in ranked.groups {
            negativesBelow -= group.negatives
            sum += Double(group.positives) * (Double(negativesBelow) + Double(group.negatives) / 2)
        }
        auc = sum / (positives * negatives)
        guard ranked.positives > 1, ranked.negatives > 1 else {
            variance = nil
            return
        }
        var positivesAbove = 0
        var squaresOfPositives = 0.0
        var squaresOfNegatives = 0.0
        negativesBelow = ranked.negatives
        for group in ranked.groups {
            negativesBelow -= group.negatives
            let ofPositive = (Double(negativesBelow) + Double(group.negatives) / 2) / negatives - auc
            let ofNegative = (Double(positivesAbove) + Double(group.positives) / 2) / positives - auc
            squaresOfPositives += Double(group.positives) * ofPositive * ofPositive
            squaresOfNegatives += Double(group.negatives) * ofNegative * ofNegative
            positivesAbove += group.positives
        }
        variance =
            squaresOfPositives / (positives - 1) / positives + squaresOfNegatives / (negatives - 1) / negatives
    }

    /// The 95 % interval, made on the logit scale so that it stays between 0 and 1.
    ///
    /// Nil when the variance is unknown or zero, or the area is 0 or 1.
    package var interval: ClosedRange<Double>? { range(quantile: 1.959963984540054) }

    /// The one-sided 95 % bounds on the same scale; the area itself where the variance is 0.
    package var bounds: ClosedRange<Double>? {
        variance == 0 ? auc...auc : range(quantile: OneSided.quantile)
    }

    private func range(quantile: Double) -> ClosedRange<Double>? {
        guard let variance, variance > 0, auc > 0, auc < 1 else { return nil }
        let logit = Elementary.log(auc) - Elementary.log1p(-auc)
        let half = quantile * variance.squareRoot() / (auc * (1 - auc))
        return Elementary.sigmoid(logit - half)...Elementary.sigmoid(logit + half)
    }
}
