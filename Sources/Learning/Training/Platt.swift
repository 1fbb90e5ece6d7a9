/// A straight line on the logit scale that brings probabilities to the shares that were seen: Platt's calibration.
///
/// p = sigmoid(slope · logit + intercept), both by the lowest log loss on rows that the fit did not see.
package struct Platt: Sendable, Equatable {
    /// Above 0: the order of the rows stays.
    package let slope: Double
    package let intercept: Double
    /// The mean log loss of the rows that it was fitted to.
    package let logLoss: Double

    /// Nil when a class is missing, the classes are separate, or the best slope would turn the order round.
    ///
    /// - Parameter rows: those to fit to; nil for all.
    package init?(_ logits: [Double], _ labels: [Bool], rows: [Int32]? = nil) {
        let rows = rows ?? Array(0..<Int32(logits.count))
        let churned = rows.count { labels[Int($0)] }
        guard churned > 0, churned < rows.count else { return nil }
        // A logistic regression on one column: the logit.
        let table = RawTable(
            columns: [RawColumn(name: "logit", values: .numbers(logits))], labels: labels,
            customers: Array(0..<Int32(logits.count)))
        let schema = FeatureSchema([Feature(name: "logit", kind: .number(nil), missing: .mean)])
        guard let fit = try? LogisticFit(EncodedTable(table, schema), labels: labels, rows: rows, lambda: 0),
            case .number(let weight, _)? = fit.parameters.effects.first, weight > 0
        else { return nil }
        slope = weight
        intercept = fit.parameters.intercept
        logLoss = fit.solution.value
    }

    package func logit(_ logit: Double) -> Double { slope * logit + intercept }
}

extension LogisticParameters {
    /// The same with a line on the logit scale folded in: contributions stay exact.
    package func calibrated(slope: Double, intercept added: Double) -> LogisticParameters {
        let effects = effects.map { effect -> Effect in
            switch effect {
            case .number(let weight, let mean): .number(weight: slope * weight, mean: mean)
            case .category(let weights, let shares): .category(weights: weights.map { slope * $0 }, shares: shares)
            }
        }
        return LogisticParameters(intercept: slope * intercept + added, effects: effects)
    }
}
