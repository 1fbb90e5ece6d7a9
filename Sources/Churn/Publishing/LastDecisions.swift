import Linux

/// The last decision of each of many customers, as far as it was shown and no other customer has taken its place since.
package struct LastDecisions: ~Copyable {
    /// Places for 262,144 customers: 4 MiB, from the first decision until all are forgotten.
    private static let setBits = 16
    /// Places of a set.
    ///
    /// Of 100,000 customers one in 50 finds them taken by others; in sets of two, one in 15 did.
    private static let ways = 4

    private struct Place {
        /// A hash of the customer, with the decision in its lowest bit; zero where nobody is.
        var customer: UInt64 = 0
        /// The half of the id that has its time.
        var time: UInt64 = 0

        func isSame(as other: Place) -> Bool { customer >> 1 == other.customer >> 1 }
        var churn: Bool { customer & 1 == 1 }
    }

    /// A customer, as far as customers are told apart here.
    package struct Customer {
        fileprivate let hash: UInt64
        fileprivate var first: Int { Int(hash >> (64 - UInt64(LastDecisions.setBits))) * LastDecisions.ways }
    }

    /// Set by set; in each the one that was used last first.
    private var places: [Place] = []
    /// The time of the last of all decisions that were shown, remembered or not.
    private var newest: UInt64 = 0

    package init() {}

    /// Forgets all decisions, but not how late they were.
    package mutating func forget() { places = [] }

    /// Shows a decision that is not to be remembered.
    package mutating func pass(_ id: PredictionID) { newest = max(newest, Self.time(id)) }

    private static func time(_ id: PredictionID) -> UInt64 { UInt64(truncatingIfNeeded: id.bits >> 64) }

    /// Looks for a customer.
    ///
    /// The place of each is somewhere else in memory, which is asked for it here: who has many customers finds them all
    /// before the first is replaced.
    /// Two customers are taken for one another where 62 bits of their hashes agree. Each process has a key of its own for
    /// them, so that nobody can look for such customers.
    package mutating func find(_ customer: Span<UInt8>) -> Customer {
        if places.isEmpty { places = Array(repeating: Place(), count: Self.ways << Self.setBits) }
        var hasher = Hasher()
        unsafe customer.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        let found = Customer(hash: UInt64(bitPattern: Int64(hasher.finalize())))
        unsafe places.withUnsafeBufferPointer { places in
            unsafe Cache.fetch(places.baseAddress! + found.first, bytes: Self.ways * MemoryLayout<Place>.stride)
        }
        return found
    }

    /// Remembers a decision, unless a later one of this customer is known, or may have been forgotten.
    ///
    /// - Returns: the one before; nil when it is not known.
    package mutating func replace(_ customer: Customer, _ id: PredictionID, _ churn: Bool) -> Bool? {
        let set = customer.first..<customer.first + Self.ways
        let fresh = Place(customer: customer.hash & ~3 | 2 | (churn ? 1 : 0), time: Self.time(id))
        let isLate = fresh.time < newest
        newest = max(newest, fresh.time)
        let place = set.first { places[$0].isSame(as: fresh) }
        if isLate, place == nil { return nil }
        let taken = place ?? set.last!
        let known = places[taken]
        for next in stride(from: taken, to: set.lowerBound, by: -1) { places[next] = places[next - 1] }
        places[set.lowerBound] = fresh
        return place == nil ? nil : put(fresh, over: known, set.lowerBound)
    }

    /// Of two decisions of the same instant it is not known which is the last.
    private mutating func put(_ fresh: Place, over known: Place, _ place: Int) -> Bool? {
        places[place] = fresh.time > known.time ? fresh : fresh.time < known.time ? known : Place()
        return fresh.time > known.time ? known.churn : nil
    }
}
