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
        precondition(scores.allSatisfy { !$0.isNaN }, "a score that is no number")
        let (churners, others) = (Self.sorted(scores, labels, true), Self.sorted(scores, labels, false))
        positives = churners.count
        negatives = others.count
        groups = Self.merge(churners, others)
    }

    /// The scores of one class, highest first.
    private static func sorted(_ scores: [Double], _ labels: [Bool], _ label: Bool) -> [Double] {
        var some: [Double] = []
        some.reserveCapacity(labels.count { $0 == label })
        for row in scores.indices where labels[row] == label { some.append(scores[row]) }
        some.sort(by: >)
        return some
    }

    /// Groups are counted before they are made: of millions of rows nearly every one is a group of its own.
    private static func merge(_ churners: [Double], _ others: [Double]) -> [Group] {
        var groups: [Group] = []
        for isCounting in [true, false] {
            var (count, churner, other) = (0, 0, 0)
            while churner < churners.count || other < others.count {
                let score = max(
                    churner < churners.count ? churners[churner] : -.infinity,
                    other < others.count ? others[other] : -.infinity)
                var group = Group(score: score, positives: 0, negatives: 0)
                while churner < churners.count, churners[churner] == score {
                    group.positives += 1
                    churner += 1
                }
                while other < others.count, others[other] == score {
                    group.negatives += 1
                    other += 1
                }
                count += 1
                if !isCounting { groups.append(group) }
            }
            if isCounting { groups.reserveCapacity(count) }
        }
        return groups
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
