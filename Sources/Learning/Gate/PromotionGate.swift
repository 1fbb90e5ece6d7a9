/// The rules by which a candidate becomes champion: a value in, a verdict out.
///
/// Its rows are one for each customer, of a date later than anything that either model was trained or chosen on. A
/// candidate has to be no worse, not better: of two equal models the newer one may serve. So that models are not swapped
/// for nothing, a promotion also wants a reason. A difference without variance is no difference.
package struct PromotionGate: Sendable {
    /// What became of the rows, true = churned.
    package var labels: [Bool]
    /// The candidate's probabilities of the rows.
    package var candidate: [Double]
    /// The champion's; nil when there is none yet.
    package var champion: [Double]?
    /// What each row earns by either model's decisions; nil when no costs are given.
    package var candidateProfits: [Double]?
    package var championProfits: [Double]?
    /// Whether the candidate's golden rows come out to 1e-12.
    package var goldenRowsReproduce = true
    /// Whether window, horizon, population and features mean the same in both.
    package var isSameDefinition = true
    /// How long ago the champion was promoted.
    package var championAgeDays: Double?
    /// The age from which on being newer is reason enough.
    package var maxAgeDays = 30.0
    /// Whether the change has to have a reason.
    package var wantsReason = true

    /// The largest fall of the AUC that the lower bound has to exclude.
    package static let aucMargin = 0.005
    /// The largest rise of the mean log loss.
    package static let logLossMargin = 0.002

    package init(labels: [Bool], candidate: [Double], champion: [Double]?) {
        precondition(candidate.count == labels.count, "a probability for each row")
        precondition((champion ?? labels.map { _ in 0 }).count == labels.count, "a probability for each row")
        self.labels = labels
        self.candidate = candidate
        self.champion = champion
    }

    /// Makes every check, those behind a failed one also.
    package func verdict() -> GateVerdict {
        var checks = [golden]
        if let champion {
            checks.append(definition)
            checks += comparisons(champion)
            if wantsReason { checks.append(reason(among: checks)) }
        } else {
            checks += firstChecks
        }
        let passed = checks.allSatisfy(\.passed)
        let failure = checks.first { !$0.passed }
        let grounds = champion == nil ? "better than chance and than a constant" : advantage(checks) ?? "not worse"
        return GateVerdict(
            passed: passed, first: champion == nil,
            reason: failure.map { "\($0.name.rawValue): \($0.text)" } ?? grounds, checks: checks)
    }

    private var golden: GateCheck {
        let text =
            goldenRowsReproduce ? "the golden rows come out to 1e-12" : "the golden rows of the file do not come out"
        return GateCheck(.golden, passed: goldenRowsReproduce, text: text)
    }

    private var definition: GateCheck {
        let text =
            isSameDefinition
            ? "both models mean the same by window, horizon and active"
            : "the champion was trained with another window, horizon or active: promote it without a comparison, by name"
        return GateCheck(.definition, passed: isSameDefinition, text: text)
    }

    /// Why nothing can be said of these rows; nil when something can.
    var undecidable: String? {
        let churned = labels.count { $0 }
        if labels.isEmpty { return "not decidable: there are no rows" }
        if churned == 0 { return "not decidable: nobody churned" }
        if churned == labels.count { return "not decidable: everybody churned" }
        if churned == 1 || churned == labels.count - 1 { return "not decidable: one row alone of a class" }
        return nil
    }
}
