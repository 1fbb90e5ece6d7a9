package import JSON

/// What comes of naming everybody from a probability on.
package struct Decision: Sendable, Equatable {
    package enum Name: String, Sendable, CaseIterable {
        /// The model's own threshold.
        case chosen
        case half = "0.5"
        /// Naming nobody, which earns 0 whatever the costs.
        case nobody
    }

    package var name: Name
    /// Nil where nobody is named.
    package var threshold: Double?
    package var confusion: Confusion
    /// Per customer; nil when no costs are given.
    package var profit: Double?

    package init(_ name: Name, threshold: Double?, _ ranked: RankedScores, _ costs: Costs?) {
        self.name = name
        self.threshold = threshold
        confusion = ranked.confusion(at: threshold ?? .infinity)
        profit = costs?.profit(confusion)
    }

    package var json: JSONValue {
        .object(
            [.init("name", .string(name.rawValue)), .init("threshold", JSONValue(threshold))]
                + (confusion.json.members ?? []) + [.init("profit", JSONValue(profit))])
    }
}
