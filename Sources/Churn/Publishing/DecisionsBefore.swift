import Linux
package import Postgres

/// The decision before each row of a pass over the table, as far as the pass itself has shown it.
///
/// A page has everybody's rows in the order of ids, so the customer's row before this one has gone by, or lies before the
/// beginning of the pass: then the table is asked, as it is where too much has gone by since.
///
/// Rows made after the pass began are asked about, too: what their callers had been told of before may have been committed
/// behind the pass. Of rows made earlier, whatever their callers had been told of was there when the pass began.
package struct DecisionsBefore: ~Copyable {
    /// Places for 262,144 customers: 2 MiB, while a pass lasts.
    private static let setBits = 17
    /// How far the clocks of those who make ids may lie apart.
    private static let skewMicroseconds = 10_000_000

    /// Rows from this one on are asked about with their page.
    package private(set) var alertsFrom = PredictionID(bits: 0)
    /// The last row that has gone by; nil when none has.
    private var end: PredictionID?
    /// Two for each set, the one that was used last first: a hash of the customer, with the decision in its lowest bit.
    private var places: [UInt64] = []

    package init() {}

    /// Goes on with the page after `row`.
    ///
    /// Where that is not where the last one ended, nothing is known.
    /// - Parameter isKept: whether anything is to be remembered.
    package mutating func begin(after row: PredictionID, isKept: Bool) {
        if let end, end == row, isKept { return }
        forget()
        if isKept { alertsFrom = PredictionID(firstAt: Clock.wallMicroseconds() - Self.skewMicroseconds) }
    }

    package mutating func forget() {
        end = nil
        alertsFrom = PredictionID(bits: 0)
        places = []
    }

    /// Which rows of the next page are alerts.
    package mutating func alerts(
        _ page: borrowing StoredPage, _ connection: inout Connection
    ) throws(PostgresError) -> [Bool] {
        var alerts = (0..<page.count).map { page.isAlert($0) }
        if alertsFrom.bits == 0 { return alerts }
        end = page.last
        var asked = AskedRows()
        var unknown: [Int] = []
        for row in 0..<page.count where page.id(row) < alertsFrom {
            let churn = page.churn(row)
            let before = replace(page.result.bytes(row, StoredPage.Column.customer), churn)
            guard churn, page.isWanted(row) else { continue }
            if let before {
                alerts[row] = !before
            } else {
                asked.append(page.id(row), page.result.bytes(row, StoredPage.Column.customer))
                unknown.append(row)
            }
        }
        if unknown.isEmpty { return alerts }
        let found = try AlertStatement.alerts(among: asked, &connection)
        for row in unknown { alerts[row] = found.contains(page.id(row)) }
        return alerts
    }

    /// Remembers a decision.
    ///
    /// Two customers are taken for one another where 62 bits of their hashes agree. Each process has a key of its own for
    /// them, so that nobody can look for such customers.
    /// - Returns: the one before; nil when it is not known.
    package mutating func replace(_ customer: Span<UInt8>, _ churn: Bool) -> Bool? {
        if places.isEmpty { places = Array(repeating: 0, count: 2 << Self.setBits) }
        var hasher = Hasher()
        unsafe customer.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        let hash = UInt64(bitPattern: Int64(hasher.finalize()))
        let first = Int(hash >> (64 - UInt64(Self.setBits))) * 2
        // An empty place is zero.
        let fresh = hash & ~3 | 2 | (churn ? 1 : 0)
        let (newer, older) = (places[first], places[first + 1])
        places[first] = fresh
        if newer >> 1 == fresh >> 1 { return newer & 1 == 1 }
        places[first + 1] = newer
        return older >> 1 == fresh >> 1 ? older & 1 == 1 : nil
    }
}
