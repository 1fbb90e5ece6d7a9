extension PromotionGate {
    /// What a first champion has to show: that it ranks better than chance and says more than a constant.
    var firstChecks: [GateCheck] { [firstAUC, firstLogLoss] }

    private var firstAUC: GateCheck {
        guard undecidable == nil, let deLong = DeLong(RankedScores(candidate, labels)), let bounds = deLong.bounds
        else { return GateCheck(.auc, passed: false, limit: 0.5, text: undecidable ?? "not decidable") }
        let passed = bounds.lowerBound > 0.5
        return GateCheck(
            .auc, passed: passed, candidate: deLong.auc, bounds: bounds, limit: 0.5,
            text: passed ? "AUC above 0.5" : "the AUC may be no better than chance")
    }

    private var firstLogLoss: GateCheck {
        let constant = Measures.logLossOfConstant(RankedScores(candidate, labels))
        if let undecidable { return GateCheck(.logLoss, passed: false, limit: constant, text: undecidable) }
        let loss = Measures.logLoss(candidate, labels)
        let passed = if let loss, let constant { loss < constant } else { false }
        return GateCheck(
            .logLoss, passed: passed, candidate: loss, difference: loss.flatMap { loss in constant.map { loss - $0 } },
            limit: constant,
            text: passed ? "log loss below that of a constant" : "the log loss is not below that of a constant")
    }
}
