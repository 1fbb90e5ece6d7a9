/// One thing that a model has to pass before it is promoted, with the figures that decided.
package struct GateCheck: Sendable, Equatable {
    /// What is checked.
    package enum Name: String, Sendable, CaseIterable {
        /// The model file's golden rows come out.
        case golden
        /// Both models mean the same by churn.
        case definition
        case auc
        case logLoss = "log_loss"
        case profit
        /// Something speaks for the change.
        case reason
    }

    package var name: Name
    package var passed: Bool
    package var candidate: Double?
    package var champion: Double?
    /// Of the candidate less that of the champion.
    package var difference: Double?
    /// One-sided 95 % bounds: of the difference, or of the candidate's value where there is no champion.
    package var low: Double?
    package var high: Double?
    /// What the check compares with.
    package var limit: Double?
    /// For people, one line.
    package var text: String

    package init(
        _ name: Name, passed: Bool, candidate: Double? = nil, champion: Double? = nil, difference: Double? = nil,
        bounds: ClosedRange<Double>? = nil, limit: Double? = nil, text: String
    ) {
        self.name = name
        self.passed = passed
        self.candidate = candidate
        self.champion = champion
        self.difference = difference
        low = bounds?.lowerBound
        high = bounds?.upperBound
        self.limit = limit
        self.text = text
    }
}
