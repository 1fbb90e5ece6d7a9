/// Where a probability starts to count as churn, and as a medium risk.
public struct Threshold: Sendable, Equatable {
    /// How the threshold is chosen on rows that the fit did not see.
    public enum Rule: String, Sendable, CaseIterable {
        /// The highest F1; the larger threshold among equals.
        case f1
        /// 0.5 whatever the rows say.
        case half = "0.5"
        /// The highest recall + specificity; the larger threshold among equals.
        case youden
        /// Where an offer starts to pay, by its costs.
        case profit
        /// As many of the highest as can be approached.
        case capacity
    }

    public var rule: Rule
    /// `p >= value` is churn and high risk.
    public var value: Double
    /// `p >= medium` is medium risk.
    public var medium: Double
    /// How many customers can be approached, with the rule `capacity`; a scoring run names exactly so many.
    public var capacity: Int?

    public init(rule: Rule, value: Double) {
        self.rule = rule
        self.value = value
        medium = value / 2
    }

    package init(rule: Rule, value: Double, medium: Double, capacity: Int? = nil) {
        self.rule = rule
        self.value = value
        self.medium = medium
        self.capacity = capacity
    }

    @inline(__always)
    public func isChurn(_ probability: Double) -> Bool { probability >= value }

    public func risk(_ probability: Double) -> Risk {
        probability >= value ? .high : probability >= medium ? .medium : .low
    }
}

/// How likely a customer is to leave, in one word.
public enum Risk: String, Sendable, CaseIterable {
    case low, medium, high
}
