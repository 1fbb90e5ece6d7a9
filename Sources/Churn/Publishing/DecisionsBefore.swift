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
    /// How far the clocks of those who make ids may lie apart.
    private static let skewMicroseconds = 10_000_000

    /// Rows from this one on are asked about with their page.
    package private(set) var alertsFrom = PredictionID(bits: 0)
    /// The last row that has gone by; nil when none has.
    private var end: PredictionID?
    private var last = LastDecisions()

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
        last = LastDecisions()
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
        let customers = (0..<page.count).map { last.find(page.result.bytes($0, StoredPage.Column.customer)) }
        for row in 0..<page.count {
            let (id, churn) = (page.id(row), page.churn(row))
            // Those behind it were asked about with their page.
            guard id < alertsFrom else { continue }
            let before = last.replace(customers[row], id, churn)
            guard churn, page.isWanted(row) else { continue }
            if let before {
                alerts[row] = !before
            } else {
                asked.append(id, page.result.bytes(row, StoredPage.Column.customer))
                unknown.append(row)
            }
        }
        if unknown.isEmpty { return alerts }
        let found = try AlertStatement.alerts(among: asked, &connection)
        for row in unknown { alerts[row] = found.contains(page.id(row)) }
        return alerts
    }
}
