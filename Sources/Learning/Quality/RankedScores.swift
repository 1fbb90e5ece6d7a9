/// Probabilities and outcomes in order of probability, equal ones in one group: what every measure of ranking needs.
///
/// The order of the rows leaves no trace in it.
package struct RankedScores: Sendable {
    /// The rows with one and the same probability.
    package struct Group: Sendable, Equatable {
        package let score: Double
        package var positives: Int
        package var negatives: Int

        package var count: Int { positives + negatives }
    }

    /// Highest probability first.
    package let groups: [Group]
    package let positives: Int
    package let negatives: Int

    package var count: Int { positives + negatives }

    /// - Parameter scores: without NaN, as many as `labels` (true = churned).
    package init(_ scores: [Double], _ labels: [Bool]) {
        precondition(scores.count == labels.count, "a label for each score")
        var rows = scores.indices.map { (score: scores[$0], label: labels[$0]) }
        rows.sort { $0.score > $1.score }
        var groups: [Group] = []
        for row in rows {
            if groups.last?.score != row.score { groups.append(Group(score: row.score, positives: 0, negatives: 0)) }
            if row.label {
                groups[groups.count - 1].positives += 1
            } else {
                groups[groups.count - 1].negatives += 1
            }
        }
        self.groups = groups
        positives = labels.count { $0 }
        negatives = labels.count - positives
    }

    /// How many rows a threshold names, and how many of them are right.
    package func confusion(at threshold: Double) -> Confusion {
        var confusion = Confusion(truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0)
        for group in groups where group.score >= threshold {
            confusion.truePositives += group.positives
            confusion.falsePositives += group.negatives
        }
        confusion.falseNegatives = positives - confusion.truePositives
        confusion.trueNegatives = negatives - confusion.falsePositives
        return confusion
    }

    /// A run of rows that are neighbours in rank.
    package struct Bin: Sendable, Equatable {
        package var count = 0
        /// The sum of their probabilities.
        package var scores = 0.0
        /// How many of them churned; where a group is cut, by expectation.
        package var positives = 0.0
    }

    /// Cuts the rows, highest first, into runs that end at the ranks `ends`.
    package func bins(endingAt ends: [Int]) -> [Bin] {
        var bins: [Bin] = []
        var bin = Bin()
        var rank = 0
        var place = 0
        for group in groups {
            var left = group.count
            while left > 0, place < ends.count {
                let taken = min(left, ends[place] - rank)
                bin.count += taken
                bin.scores += Double(taken) * group.score
                bin.positives += Double(taken) * Double(group.positives) / Double(group.count)
                rank += taken
                left -= taken
                if rank == ends[place] {
                    bins.append(bin)
                    bin = Bin()
                    place += 1
                }
            }
        }
        return bins
    }

    /// `number` bins of as nearly equal counts as can be, highest first, without empty ones.
    package func equalBins(_ number: Int) -> [Bin] {
        bins(endingAt: (1...number).map { $0 * count / number }).filter { $0.count > 0 }
    }
}
