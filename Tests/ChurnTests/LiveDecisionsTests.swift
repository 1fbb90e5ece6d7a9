import Churn
import Linux
import Postgres
import TestSupport
import Testing

/// What the publisher remembers of rows that went by gives the alerts that the table would give, whoever else stores.
///
/// That nothing was asked is seen by changing the table behind its back.
final class LiveDecisionsTests {
    private static let second = 1_000_000_000
    private let rows: StoredRows
    private var connection: Connection
    private var decisions = LiveDecisions()

    init() throws {
        rows = try StoredRows()
        connection = try Connection(rows.database, as: .command)
        try AlertStatement.prepare(&connection)
        try OtherWriters.prepare(&connection)
        // Writer 1 is ours, 2 somebody else's.
        try connection.execute("INSERT INTO writers (id, closed_at) VALUES (1, NULL), (2, now())")
    }

    /// Stores rows, shows them, and looks at which are alerts.
    private func expect(
        _ alerts: [Int], among shown: [(Int, String, Bool)], at second: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for (number, customer, churn) in shown {
            try rows.store(id(number), customer, churn: churn)
            decisions.show(id(number), Array(customer.utf8).span, churn: churn)
        }
        let found = try decisions.takeAlerts(own: [1], now: second * Self.second, &connection)
        #expect(found == Set(alerts.map(id)), sourceLocation: sourceLocation)
    }

    /// Makes the table say that nobody was to leave.
    private func rewrite() throws { try connection.execute("UPDATE predictions SET churn = false") }

    @Test func `an alert is a decision that has changed to churn, or the first one`() throws {
        try expect([1], among: [(1, "a", true), (2, "b", false), (3, "a", true)], at: 1)
        try expect([4], among: [(4, "b", true), (5, "a", false)], at: 2)
        try expect([6], among: [(6, "a", true), (7, "b", true), (8, "a", true)], at: 3)
        try expect([10, 12], among: [(9, "a", false), (10, "a", true), (11, "b", false), (12, "b", true)], at: 4)
    }

    @Test func `what went by is not asked of the table`() throws {
        try expect([], among: [(1, "a", false)], at: 1)
        try expect([2], among: [(2, "a", true)], at: 2)
        try expect([], among: [(3, "a", true)], at: 3)
        try rewrite()
        try expect([], among: [(4, "a", true)], at: 4)
        decisions.forget()
        try rewrite()
        try expect([5], among: [(5, "a", true)], at: 5)
    }

    @Test func `while somebody else stores predictions the table is asked`() throws {
        try expect([1], among: [(1, "a", true)], at: 1)
        try expect([], among: [(2, "a", true)], at: 2)
        try connection.execute("UPDATE writers SET closed_at = NULL WHERE id = 2")
        try rewrite()
        try expect([3], among: [(3, "a", true)], at: 3)
        try rewrite()
        try expect([4], among: [(4, "a", true)], at: 4)
        try connection.execute("UPDATE writers SET closed_at = now() WHERE id = 2")
        try expect([], among: [(5, "a", true)], at: 5)
        try expect([], among: [(6, "a", true)], at: 6)
        try rewrite()
        try expect([], among: [(7, "a", true)], at: 7)
    }

    @Test(arguments: [
        "UPDATE writers SET closed_at = now() WHERE id = 2",
        "UPDATE writers SET acknowledged = '00000000-0000-0000-0000-000000000009' WHERE id = 2",
        "INSERT INTO writers (id, closed_at) VALUES (3, now())",
    ])
    func `whoever has come and gone unseen may have stored predictions`(_ trace: String) throws {
        try expect([1], among: [(1, "a", true)], at: 1)
        try expect([], among: [(2, "a", true)], at: 2)
        try connection.execute(trace)
        try rewrite()
        try expect([3], among: [(3, "a", true)], at: 3)
    }

    @Test func `our own writer changes its row as it likes`() throws {
        try expect([1], among: [(1, "a", true)], at: 1)
        try expect([], among: [(2, "a", true)], at: 2)
        try connection.execute("UPDATE writers SET acknowledged = '00000000-0000-0000-0000-000000000009' WHERE id = 1")
        try rewrite()
        try expect([], among: [(3, "a", true)], at: 3)
    }
}
