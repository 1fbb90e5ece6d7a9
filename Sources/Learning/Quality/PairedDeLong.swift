/// The difference of two areas under the ROC curve on the same rows, with its variance.
///
/// DeLong, DeLong, Clarke-Pearson 1988: the difference is the mean of the differences of placements, and so its variance
/// is the sum over both classes of their variance by their number. What both models share cancels out.
package struct PairedDeLong: Sendable, Equatable {
    package let candidate: Double
    package let champion: Double
    /// Of the difference; 0 where both rank the rows alike, nil with fewer than two rows of either class.
    package let variance: Double?

    /// Nil when a class is missing.
    package init?(_ candidate: [Double], _ champion: [Double], _ labels: [Bool]) {
        precondition(candidate.count == labels.count && champion.count == labels.count, "a label for each score")
        let positives = labels.count { $0 }
        let negatives = labels.count - positives
        guard positives > 0, negatives > 0 else { return nil }
        let ours = Placements(candidate, labels).values
        let theirs = Placements(champion, labels).values
        self.candidate = Self.mean(ours, labels, positives)
        self.champion = Self.mean(theirs, labels, positives)
        guard positives > 1, negatives > 1 else {
            variance = nil
            return
        }
        let differences = zip(ours, theirs).map { $0 - $1 }
        var sum = 0.0
        for outcome in [true, false] {
            let count = outcome ? positives : negatives
            let mean = Self.mean(differences, labels, count, of: outcome)
            var squares = 0.0
            for (difference, label) in zip(differences, labels) where label == outcome {
                squares += (difference - mean) * (difference - mean)
            }
            sum += squares / Double(count - 1) / Double(count)
        }
        // Differences that are all the same leave nothing but rounding.
        variance = sum > 1e-24 ? sum : 0
    }

    package var difference: Double { candidate - champion }

    /// The one-sided 95 % bounds of the difference; the difference itself where the variance is 0.
    package var bounds: ClosedRange<Double>? {
        variance.map { OneSided.bounds(difference, standardError: $0.squareRoot()) }
    }

    private static func mean(_ values: [Double], _ labels: [Bool], _ count: Int, of outcome: Bool = true) -> Double {
        var sum = 0.0
        for (value, label) in zip(values, labels) where label == outcome { sum += value }
        return sum / Double(count)
    }
}
