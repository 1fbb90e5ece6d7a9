extension Threshold {
    /// Chooses by `rule` among the probabilities that occur; 0.5 where the rule needs two classes and one is missing.
    ///
    /// - Parameters:
    ///   - costs: for the rule `profit`.
    ///   - capacity: for the rule `capacity`.
    package init(_ rule: Rule, on ranked: RankedScores, costs: Costs? = nil, capacity: Int? = nil) {
        let value: Double? =
            switch rule {
            case .half: 0.5
            case .profit: costs?.threshold
            case .capacity: capacity.flatMap(ranked.score(ofRank:))
            case .f1:
                ranked.best { right, wrong in 2 * Double(right) / Double(right + wrong + ranked.positives) }
            case .youden:
                ranked.best { right, wrong in
                    Double(right) / Double(ranked.positives) - Double(wrong) / Double(ranked.negatives)
                }
            }
        self.init(rule: rule, value: value ?? 0.5)
        if rule == .capacity { self.capacity = capacity }
    }
}

extension RankedScores {
    /// The score from which on naming rows is worth most, the larger among equals; nil when a class is missing.
    fileprivate func best(_ worth: (_ right: Int, _ wrong: Int) -> Double) -> Double? {
        guard positives > 0, negatives > 0 else { return nil }
        var best = (worth: -Double.infinity, score: 0.5)
        var right = 0
        var wrong = 0
        for group in groups {
            right += group.positives
            wrong += group.negatives
            let worth = worth(right, wrong)
            if worth > best.worth { best = (worth, group.score) }
        }
        return best.score
    }

    /// The score of the row at `rank`, 1 for the highest; of the last row beyond their number, nil without rows.
    fileprivate func score(ofRank rank: Int) -> Double? {
        var rows = 0
        for group in groups {
            rows += group.count
            if rows >= rank { return group.score }
        }
        return groups.last?.score
    }
}
