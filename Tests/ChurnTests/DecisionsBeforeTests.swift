import Churn
import Linux
import Postgres
import TestSupport
import Testing

/// What a pass over the table remembers gives the alerts that the table would give.
struct DecisionsBeforeTests {
    private let rows: StoredRows

    init() throws { rows = try StoredRows() }

    /// A session in which a pass is made.
    private func reader() throws -> Connection {
        var connection = try Connection(rows.database, as: .command)
        try StoredPage.prepare(&connection)
        try AlertStatement.prepare(&connection)
        return connection
    }

    /// Reads the rows behind one, two at most, and looks at which are alerts.
    private func expect(
        _ alerts: [Bool], after row: PredictionID, isKept: Bool = true, _ decisions: inout DecisionsBefore,
        _ connection: inout Connection,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        decisions.begin(after: row, isKept: isKept)
        let question = StoredPage.Question(after: row, writers: [1], limit: 2, alertsFrom: decisions.alertsFrom)
        let page = try StoredPage.read(question, &connection)
        let found = try decisions.alerts(page, &connection)
        #expect(found == alerts, sourceLocation: sourceLocation)
    }

    @Test func `an alert is a decision that has changed to churn, or the first one`() throws {
        try rows.store(id(1), "a", churn: true)
        try rows.store(id(2), "b", churn: false)
        try rows.store(id(3), "a", churn: true)
        try rows.store(id(4), "b", churn: true)
        try rows.store(id(5), "a", churn: false)
        try rows.store(id(6), "a", churn: true)
        var connection = try reader()
        var decisions = DecisionsBefore()
        try expect([true, false], after: id(0), &decisions, &connection)
        try expect([false, true], after: id(2), &decisions, &connection)
        try expect([false, true], after: id(4), &decisions, &connection)
    }

    @Test func `what lies before the pass is asked of the table`() throws {
        try rows.store(id(1), "a", churn: true)
        try rows.store(id(2), "b", churn: false)
        try rows.store(id(3), "a", churn: true)
        try rows.store(id(4), "b", churn: true)
        var connection = try reader()
        var decisions = DecisionsBefore()
        try expect([false, true], after: id(2), &decisions, &connection)
    }

    @Test func `what has gone by is not asked of the table, unless the pass goes on elsewhere`() throws {
        for number in 1...4 { try rows.store(id(number), "a", churn: true) }
        var connection = try reader()
        var decisions = DecisionsBefore()
        try expect([true, false], after: id(0), &decisions, &connection)
        try connection.execute("UPDATE predictions SET churn = false WHERE id = $1", .uuid(id(2).bits))
        try expect([false, false], after: id(2), &decisions, &connection)
        try expect([true, false], after: id(2), &decisions, &connection)
    }

    @Test func `of rows that were made after the pass began the table is asked`() throws {
        let now = Clock.wallMicroseconds()
        let late = (1...3).map { PredictionID(firstAt: now + $0 * 1000) }
        try rows.store(id(1), "a", churn: true)
        try rows.store(late[0], "b", churn: true)
        try rows.store(late[1], "a", churn: true)
        try rows.store(late[2], "b", churn: true)
        var connection = try reader()
        var decisions = DecisionsBefore()
        try expect([true, true], after: id(0), &decisions, &connection)
        try connection.execute("UPDATE predictions SET churn = false WHERE churn AND id <= $1", .uuid(late[0].bits))
        try expect([true, true], after: late[0], &decisions, &connection)
    }

    @Test func `nothing is kept while nothing is to be kept, and the pass goes on`() throws {
        for number in 1...8 { try rows.store(id(number), "a", churn: true) }
        var connection = try reader()
        var decisions = DecisionsBefore()
        try expect([true, false], after: id(0), &decisions, &connection)
        try connection.execute("UPDATE predictions SET churn = false WHERE id = $1", .uuid(id(2).bits))
        try expect([true, false], after: id(2), isKept: false, &decisions, &connection)
        try expect([false, false], after: id(4), &decisions, &connection)
        try connection.execute("UPDATE predictions SET churn = false WHERE id = $1", .uuid(id(6).bits))
        try expect([false, false], after: id(6), &decisions, &connection)
    }
}
