package import Learning

/// Whether chance alone may have moved what happened so far from what was stated (Hosmer and Lemeshow 1980).
package struct CalibrationTest: Sendable, Equatable {
    /// The sum over groups of (left - stated)² / variance: χ² with as many degrees of freedom, on rows not fitted to.
    package let statistic: Double
    package let groups: Int

    /// The 95 % quantiles of χ² with 1 to 10 degrees of freedom.
    private static let quantiles = [3.841, 5.991, 7.815, 9.488, 11.070, 12.592, 14.067, 15.507, 16.919, 18.307]

    /// - Parameter bins: at most ten.
    package init(_ bins: [Curves.Bin]) {
        precondition(bins.count <= Self.quantiles.count, "\(bins.count) groups")
        groups = bins.count
        statistic = bins.reduce(0) { sum, bin in
            let difference = bin.churnShare - bin.meanProbability
            let variance = bin.meanProbability * (1 - bin.meanProbability) / Double(bin.count)
            return sum + (variance > 0 ? difference * difference / variance : difference == 0 ? 0 : .infinity)
        }
    }

    /// Whether a sum as large comes up in more than one of twenty well calibrated models.
    package var isExplainedByChance: Bool { groups == 0 || statistic <= Self.quantiles[groups - 1] }
}
