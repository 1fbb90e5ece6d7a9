import Learning

/// Where a run with a capacity stops to flag: the last customer who is, by expected loss and then by id.
struct CapacityCut: Sendable {
    let loss: Double
    let customer: [UInt8]

    /// Whether a customer is among the highest: those with a greater loss, and of equals those with a smaller id.
    func flags(_ loss: Double, _ customer: Span<UInt8>) -> Bool {
        if loss != self.loss { return loss > self.loss }
        return !isBefore(self.customer.span, customer)
    }

    private func isBefore(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        for offset in 0..<min(left.count, right.count) where left[offset] != right[offset] {
            return left[offset] < right[offset]
        }
        return left.count < right.count
    }

    /// Finds the cut that flags exactly `capacity` customers.
    ///
    /// - Parameter losses: of all customers, in the order of their ids; sorting is stable.
    /// - Returns: nil when there are no customers.
    init?(capacity: Int, losses: [(loss: Double, customer: [UInt8])]) {
        let sorted = losses.sorted { $0.loss > $1.loss }
        guard !sorted.isEmpty else { return nil }
        let last = sorted[min(capacity, sorted.count) - 1]
        self.init(loss: last.loss, customer: last.customer)
    }

    init(loss: Double, customer: [UInt8]) {
        self.loss = loss
        self.customer = customer
    }
}

extension SnapshotScorer {
    /// What the company stands to lose with the customer scored last: as the function `expected_loss` of the database has
    /// it, or the probability alone where the model does not know what the customer spends.
    func expectedLoss(_ spending: (frequency: Int, check: Int)?) -> Double {
        guard let spending else { return instance.row.probability }
        guard let frequency = number(spending.frequency), let check = number(spending.check) else { return 0 }
        return instance.row.probability * (frequency * check)
    }

    /// The features that say what a customer spends; nil for a model without them.
    static func spending(_ schema: FeatureSchema) -> (frequency: Int, check: Int)? {
        guard let frequency = schema.index(ofName: "purchase_frequency"),
            let check = schema.index(ofName: "average_check")
        else { return nil }
        return (frequency, check)
    }
}
