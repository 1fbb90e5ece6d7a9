package import JSON

/// What anybody can have without a model, on the same rows.
package struct Baselines: Sendable, Equatable {
    /// The log loss of always saying the share of those who churned.
    package var logLossOfConstant: Double?
    /// The AUC of `days_since_last_activity` alone; nil where the rows do not have it, or a class is missing.
    package var aucOfRecency: Double?

    /// The feature that the recency baseline ranks by.
    package static let recencyFeature = "days_since_last_activity"

    /// - Parameter recency: days without activity of each row, NaN where unknown; such rows are left out.
    package init(_ labels: [Bool], recency: [Double]?) {
        logLossOfConstant = Measures.logLossOfConstant(RankedScores(labels.map { _ in 0 }, labels))
        guard let recency else { return }
        precondition(recency.count == labels.count, "a value for each row")
        let known = labels.indices.filter { !recency[$0].isNaN }
        aucOfRecency = DeLong(RankedScores(known.map { recency[$0] }, known.map { labels[$0] }))?.auc
    }

    package var json: JSONValue {
        [
            "constant": ["log_loss": JSONValue(logLossOfConstant)],
            "recency": ["auc": JSONValue(aucOfRecency)],
        ]
    }
}
