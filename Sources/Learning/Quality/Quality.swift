/// How well probabilities fit what happened, on rows that the fit did not see.
///
/// A measure is nil where it is not defined: one class only, nobody named, an infinite log loss. Definitions: precision,
/// recall and their kin at the threshold; `prAUC` is average precision; `ece` has ten bins of equal count; `lift10`
/// compares the highest tenth with all.
package struct Quality: Sendable, Equatable {
    package var rows: Int
    package var churned: Int
    package var auc: Double?
    /// DeLong's 95 % interval.
    package var aucLow: Double?
    package var aucHigh: Double?
    package var accuracy: Double?
    package var precision: Double?
    package var recall: Double?
    package var f1: Double?
    package var specificity: Double?
    package var prAUC: Double?
    /// Mean of -ln of the probability given to what happened; not clipped.
    package var logLoss: Double?
    /// The log loss of always saying the share of those who churned.
    package var logLossConstant: Double?
    package var brier: Double?
    package var ece: Double?
    package var lift10: Double?
    /// Mean profit per customer of naming those from the threshold on; nil without costs.
    package var profit: Double?
    /// The expected maximum profit per customer; nil without costs.
    package var empc: Double?
    package var confusion: Confusion
    /// Why measures are missing, if they are for want of a class.
    package var reason: String?

    /// Measures `probabilities` against `labels` (true = churned).
    package init(_ probabilities: [Double], _ labels: [Bool], threshold: Double, costs: Costs? = nil) {
        let ranked = RankedScores(probabilities, labels)
        rows = ranked.count
        churned = ranked.positives
        confusion = ranked.confusion(at: threshold)
        accuracy = confusion.accuracy
        precision = confusion.precision
        recall = confusion.recall
        f1 = confusion.f1
        specificity = confusion.specificity
        let deLong = DeLong(ranked)
        auc = deLong?.auc
        aucLow = deLong?.interval?.lowerBound
        aucHigh = deLong?.interval?.upperBound
        prAUC = Measures.averagePrecision(ranked)
        logLoss = Measures.logLoss(probabilities, labels)
        logLossConstant = Measures.logLossOfConstant(ranked)
        brier = Measures.brier(probabilities, labels)
        ece = Measures.calibrationError(ranked)
        lift10 = Measures.lift(ranked)
        profit = costs?.profit(confusion)
        empc = costs.flatMap { ExpectedProfit(ranked, $0) }?.profit
        if rows == 0 {
            reason = "no rows"
        } else if churned == 0 || churned == rows {
            reason = churned == 0 ? "nobody churned" : "everybody churned"
        }
    }
}

extension Quality {
    /// Whether the model says less than the share of those who churned would, said of everybody.
    package var isNoBetterThanConstant: Bool {
        guard let constant = logLossConstant, reason == nil else { return false }
        // An infinite log loss is not given.
        return logLoss.map { $0 >= constant } ?? true
    }

    /// What a person should know of such a model before anything else.
    package static let uselessness = "the model is no better than always saying the share of those who churned"
}
