extension Threshold {
    /// Chooses by `rule` among the probabilities that occur; 0.5 when a class is missing.
    package init(_ rule: Rule, on ranked: RankedScores) {
        guard rule != .half, ranked.positives > 0, ranked.negatives > 0 else {
            self.init(rule: rule, value: 0.5)
            return
        }
        var best = -Double.infinity
        var value = 0.5
        var right = 0
        var wrong = 0
        for group in ranked.groups {
            right += group.positives
            wrong += group.negatives
            let worth =
                rule == .f1
                ? 2 * Double(right) / Double(right + wrong + ranked.positives)
                : Double(right) / Double(ranked.positives) - Double(wrong) / Double(ranked.negatives)
            if worth > best {
                best = worth
                value = group.score
            }
        }
        self.init(rule: rule, value: value)
    }
}
