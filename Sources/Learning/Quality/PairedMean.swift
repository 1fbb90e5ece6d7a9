/// The difference of two means over the same rows, with its standard error.
package struct PairedMean: Sendable, Equatable {
    package let candidate: Double
    package let champion: Double
    /// Of the mean difference; 0 where every row has the same difference, nil with fewer than two rows.
    package let standardError: Double?

    /// Nil without rows, or when a value is not finite.
    package init?(_ candidate: [Double], _ champion: [Double]) {
        precondition(candidate.count == champion.count, "the same rows")
        guard !candidate.isEmpty, candidate.allSatisfy(\.isFinite), champion.allSatisfy(\.isFinite) else { return nil }
        let count = Double(candidate.count)
        self.candidate = candidate.reduce(0, +) / count
        self.champion = champion.reduce(0, +) / count
        standardError = Self.standardError(zip(candidate, champion).map { $0 - $1 })
    }

    package var difference: Double { candidate - champion }

    /// The one-sided 95 % bounds of the difference; the difference itself where its error is 0.
    package var bounds: ClosedRange<Double>? { standardError.map { OneSided.bounds(difference, standardError: $0) } }

    private static func standardError(_ differences: [Double]) -> Double? {
        guard differences.count > 1 else { return nil }
        let count = Double(differences.count)
        let mean = differences.reduce(0, +) / count
        let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let scale = differences.reduce(0) { max($0, abs($1)) }
        // Differences that are all the same leave nothing but rounding.
        guard squares > 1e-24 * scale * scale * count else { return 0 }
        return (squares / (count - 1) / count).squareRoot()
    }
}

/// Bounds that a normally distributed estimate is beyond with a probability of 5 % each.
enum OneSided {
    /// The normal distribution's 95 % quantile.
    static let quantile = 1.6448536269514722

    static func bounds(_ estimate: Double, standardError: Double) -> ClosedRange<Double> {
        estimate - quantile * standardError...estimate + quantile * standardError
    }
}
