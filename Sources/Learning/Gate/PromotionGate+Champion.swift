extension PromotionGate {
    /// The checks against a champion, on the same rows.
    func comparisons(_ champion: [Double]) -> [GateCheck] {
        var checks = [aucCheck(champion), logLossCheck(champion)]
        if let candidateProfits, let championProfits {
            checks.append(profitCheck(candidateProfits, championProfits))
        }
        return checks
    }

    private func aucCheck(_ champion: [Double]) -> GateCheck {
        let limit = -Self.aucMargin
        guard undecidable == nil, let pair = PairedDeLong(candidate, champion, labels), let bounds = pair.bounds else {
            return GateCheck(.auc, passed: false, limit: limit, text: undecidable ?? "not decidable")
        }
        let passed = bounds.lowerBound > limit
        return GateCheck(
            .auc, passed: passed, candidate: pair.candidate, champion: pair.champion, difference: pair.difference,
            bounds: bounds, limit: limit,
            text: passed ? "AUC not worse by more than 0.005" : "the AUC may be worse by more than 0.005")
    }

    private func logLossCheck(_ champion: [Double]) -> GateCheck {
        let limit = Self.logLossMargin
        if let undecidable { return GateCheck(.logLoss, passed: false, limit: limit, text: undecidable) }
        let ours = Measures.logLosses(candidate, labels)
        let theirs = Measures.logLosses(champion, labels)
        guard ours.allSatisfy(\.isFinite) else {
            return GateCheck(
                .logLoss, passed: false, champion: Measures.logLoss(champion, labels), limit: limit,
                text: "the candidate was certain of what did not happen: its log loss is infinite")
        }
        guard let pair = PairedMean(ours, theirs), let bounds = pair.bounds else {
            return GateCheck(
                .logLoss, passed: true, candidate: Measures.logLoss(candidate, labels), limit: limit,
                text: "the champion was certain of what did not happen: its log loss is infinite")
        }
        let isWorse = isSignificant(bounds) && bounds.lowerBound > 0
        let text =
            isWorse
            ? "the log loss is significantly worse"
            : pair.difference > limit ? "the log loss is worse by more than 0.002" : "log loss not significantly worse"
        return GateCheck(
            .logLoss, passed: !isWorse && pair.difference <= limit, candidate: pair.candidate, champion: pair.champion,
            difference: pair.difference, bounds: bounds, limit: limit, text: text)
    }

    private func profitCheck(_ ours: [Double], _ theirs: [Double]) -> GateCheck {
        guard undecidable == nil, let pair = PairedMean(ours, theirs), let bounds = pair.bounds else {
            return GateCheck(.profit, passed: false, limit: 0, text: undecidable ?? "not decidable")
        }
        let isWorse = isSignificant(bounds) && bounds.upperBound < 0
        return GateCheck(
            .profit, passed: !isWorse, candidate: pair.candidate, champion: pair.champion,
            difference: pair.difference, bounds: bounds, limit: 0,
            text: isWorse ? "the profit is significantly worse" : "profit not significantly worse")
    }

    /// What speaks for the change.
    func reason(among checks: [GateCheck]) -> GateCheck {
        let advantage = advantage(checks)
        return GateCheck(
            .reason, passed: advantage != nil, candidate: nil, champion: championAgeDays, limit: maxAgeDays,
            text: advantage ?? "no significant advantage, and the champion is not older than \(whole(maxAgeDays)) days")
    }

    /// The first significant advantage, else the champion's age, else nothing.
    func advantage(_ checks: [GateCheck]) -> String? {
        for check in checks {
            let isBetter =
                switch check.name {
                case .auc, .profit: (check.low ?? 0) > 0
                // Against an infinite log loss there are no bounds.
                case .logLoss: (check.high ?? 0) < 0 || (check.passed && check.high == nil)
                case .golden, .definition, .reason: false
                }
            let bounds = check.low.flatMap { low in check.high.map { low...$0 } }
            if isBetter, bounds.map(isSignificant) ?? true { return "\(check.name.rawValue) better" }
        }
        guard let championAgeDays, championAgeDays > maxAgeDays else { return nil }
        return "the champion is older than \(whole(maxAgeDays)) days"
    }

    /// A difference without variance is none, whatever its size.
    private func isSignificant(_ bounds: ClosedRange<Double>) -> Bool { bounds.lowerBound < bounds.upperBound }

    private func whole(_ days: Double) -> String { fixed(days, decimals: days == days.rounded() ? 0 : 1) }
}
