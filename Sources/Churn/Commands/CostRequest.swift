import Learning

/// What a command was told of the costs of an offer to stay.
package struct CostRequest: Sendable {
    let customerValue: Double?
    let offer: Double?
    let contact: Double?
    let acceptance: Double?

    package init(customerValue: Double? = nil, offer: Double? = nil, contact: Double? = nil, acceptance: Double? = nil)
    {
        self.customerValue = customerValue
        self.offer = offer
        self.contact = contact
        self.acceptance = acceptance
    }

    /// Nil when nothing was said of costs.
    func costs() throws(CommandError) -> Costs? {
        if customerValue == nil, offer == nil, contact == nil, acceptance == nil { return nil }
        guard let customerValue, let offer else {
            throw CommandError(.usage, "costs need --customer-value and --offer-cost")
        }
        var costs = Costs(customerValue: customerValue, offer: offer, contact: contact ?? 0)
        if let acceptance { costs.acceptance = acceptance }
        if let fault = costs.fault { throw CommandError(.usage, fault) }
        return costs
    }
}

/// How a command was told to choose the threshold.
struct ThresholdRequest: Sendable {
    let rule: Threshold.Rule
    /// With the rule `capacity` alone.
    let capacity: Int?

    /// Reads `f1`, `youden`, `0.5`, `profit` or `capacity=K`.
    init(_ text: String) throws(CommandError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let rule = Threshold.Rule(rawValue: String(parts[0])), (rule == .capacity) == (parts.count == 2) else {
            throw CommandError(.usage, "--threshold must be f1, youden, 0.5, profit or capacity=K")
        }
        self.rule = rule
        capacity = parts.count == 2 ? Int(parts[1]) : nil
        if rule == .capacity, (capacity ?? 0) < 1 {
            throw CommandError(.usage, "--threshold capacity=K needs a whole number from 1 on")
        }
    }
}
