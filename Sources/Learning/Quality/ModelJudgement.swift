package import JSON

/// How well a model does on given rows: measures, curves, decisions, and what anybody has without it.
package struct ModelJudgement: Sendable, Equatable {
    package var threshold: Threshold
    package var costs: Costs?
    package var quality: Quality
    package var curves: Curves
    package var baselines: Baselines
    /// What the threshold, 0.5 and naming nobody come to.
    package var decisions: [Decision]

    /// - Parameters:
    ///   - labels: what became of the rows, true = churned.
    ///   - recency: days without activity of each row, if the rows have them.
    package init(
        _ probabilities: [Double], _ labels: [Bool], threshold: Threshold, costs: Costs? = nil,
        recency: [Double]? = nil
    ) {
        let ranked = RankedScores(probabilities, labels)
        self.threshold = threshold
        self.costs = costs
        quality = Quality(probabilities, labels, threshold: threshold.value, costs: costs)
        curves = Curves(ranked)
        baselines = Baselines(labels, recency: recency)
        decisions = Decision.Name.allCases.map { name in
            let value = name == .chosen ? threshold.value : name == .half ? 0.5 : nil
            return Decision(name, threshold: value, ranked, costs)
        }
    }

    /// Members of what `evaluate` prints, in its order.
    package var members: [JSONValue.Member] {
        [
            .init("threshold", JSONValue(threshold.value)), .init("quality", quality.json),
            .init("confusion", quality.confusion.json), .init("decisions", .array(decisions.map(\.json))),
            .init("baselines", baselines.json),
        ]
    }
}
