import Bytes

/// Where flagging stops if only so many customers can be approached: the last one flagged, by the loss expected of them,
/// then by id.
package struct CapacityCut: Sendable, Equatable {
    package let loss: Double
    /// The customer's id.
    package let customer: [UInt8]
    /// Tells rows of one customer apart, the smaller first; 0 where each has one.
    package let place: Int

    package init(loss: Double, customer: [UInt8], place: Int = 0) {
        self.loss = loss
        self.customer = customer
        self.place = place
    }

    /// Whether a customer is among the highest: those with a greater loss, and of equals those with a smaller id.
    package func flags(_ loss: Double, _ customer: Span<UInt8>, place: Int = 0) -> Bool {
        if loss != self.loss { return loss > self.loss }
        let last = self.customer.span
        if Self.isLess(last, customer) { return false }
        return Self.isLess(customer, last) || place <= self.place
    }

    fileprivate func precedes(_ other: CapacityCut) -> Bool {
        self != other && other.flags(loss, customer.span, place: place)
    }

    /// By bytes, as the collation "C" of the database has it.
    private static func isLess(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        for offset in 0..<min(left.count, right.count) where left[offset] != right[offset] {
            return left[offset] < right[offset]
        }
        return left.count < right.count
    }
}

/// The customers of whom the greatest losses are expected: as many as can be approached, of however many there are.
package struct LossRanking: Sendable {
    /// How many are kept at least before the others are dropped.
    private static let slack = 1024

    private let capacity: Int
    private var entries: [CapacityCut] = []
    /// A smaller loss is none of the highest.
    private var least = -Double.infinity

    package init(capacity: Int) {
        precondition(capacity > 0, "nobody can be approached")
        self.capacity = capacity
    }

    package mutating func add(_ loss: Double, _ customer: Span<UInt8>, place: Int = 0) {
        guard loss >= least else { return }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(customer.count)
        for offset in 0..<customer.count { bytes.append(customer[offset]) }
        add(CapacityCut(loss: loss, customer: bytes, place: place))
    }

    /// Adds those that another part of the table came to.
    package mutating func add(_ other: LossRanking) { for entry in other.entries { add(entry) } }

    private mutating func add(_ entry: CapacityCut) {
        entries.append(entry)
        if entries.count / 2 > capacity, entries.count > Self.slack { shrink() }
    }

    private mutating func shrink() {
        entries.sort { $0.precedes($1) }
        entries.removeLast(max(entries.count - capacity, 0))
        if entries.count == capacity, let last = entries.last { least = last.loss }
    }

    /// The cut that flags exactly as many customers as can be approached, or all; nil without customers.
    package var cut: CapacityCut? {
        var copy = self
        copy.shrink()
        return copy.entries.last
    }
}
