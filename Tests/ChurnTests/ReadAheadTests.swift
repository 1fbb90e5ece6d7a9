import Churn
import Postgres
import TestSupport
import Testing

/// Pages of the table that are asked for before they are wanted lose no row.
struct ReadAheadTests {
    private let rows: StoredRows

    init() throws { rows = try StoredRows() }

    private func store(_ numbers: Int...) throws {
        for number in numbers { try rows.store(id(number), "c", churn: false) }
    }

    private func question(after number: Int) -> StoredPage.Question { .init(after: id(number), writers: [1], limit: 2) }

    /// Reads the page behind a row, and looks at what is in it.
    private func expect(
        _ numbers: [Int], isLast: Bool, after number: Int, _ ahead: inout ReadAhead,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let page = try ahead.read(question(after: number), rows.database)
        let ids = (0..<page.count).map { page.id($0) }
        let saysLast = page.isLast
        #expect(ids == numbers.map(id), sourceLocation: sourceLocation)
        #expect(saysLast == isLast, sourceLocation: sourceLocation)
    }

    /// Asks for the page behind a row, and waits until PostgreSQL has answered.
    private func ask(after number: Int, _ ahead: inout ReadAhead) throws {
        let pages = """
            FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' AND query LIKE '%THEN features%' \
            AND query NOT LIKE '%pg_stat_activity%'
            """
        let psql = Psql(rows.database)
        let before = try psql.value("SELECT query_start \(pages)")
        try ahead.ask(question(after: number))
        try eventually("the page to be there") {
            try psql.value("SELECT count(*) \(pages) AND query_start > '\(before)'") == "1"
        }
    }

    @Test func `a page that was asked for before does not tell that it is the last one`() throws {
        try store(1, 2, 3)
        var ahead = ReadAhead()
        try expect([1, 2], isLast: false, after: 0, &ahead)
        try ask(after: 2, &ahead)
        try store(4)
        try expect([3], isLast: false, after: 2, &ahead)
        try expect([4], isLast: true, after: 3, &ahead)
    }

    @Test func `a row that was committed behind a page that was asked for before is in it after all`() throws {
        try store(1, 2, 4, 5)
        var ahead = ReadAhead()
        try expect([1, 2], isLast: false, after: 0, &ahead)
        try ask(after: 2, &ahead)
        try store(3)
        ahead.committed(from: id(3))
        try expect([3, 4], isLast: false, after: 2, &ahead)
    }

    @Test func `who goes back gets the page that is wanted, not the one that was asked for`() throws {
        try store(1, 2, 3, 4)
        var ahead = ReadAhead()
        try expect([1, 2], isLast: false, after: 0, &ahead)
        try ask(after: 2, &ahead)
        try expect([2, 3], isLast: false, after: 1, &ahead)
        try expect([4], isLast: true, after: 3, &ahead)
    }

    /// The settings are the session's own: a server that compiles whatever it can is told not to.
    @Test func `the statement of a page goes by indexes and is not compiled, whatever the server prefers`() throws {
        var connection = try Connection(rows.database, as: .command)
        try connection.execute("SET jit_above_cost = 0")
        try StoredPage.prepare(&connection)
        let plan = try connection.execute(
            "EXPLAIN EXECUTE stored_page (ARRAY[1], '00000000-0000-0000-0000-000000000000', false, 10, '00000000-0000-0000-0000-000000000000')"
        )
        let lines = (0..<plan.rowCount).map { plan.text($0, 0) ?? "" }
        #expect(lines.contains { $0.contains("Index Scan using predictions_pkey") }, "\(lines)")
        #expect(lines.contains { $0.contains("Index Scan Backward using predictions_by_customer") }, "\(lines)")
        #expect(!lines.contains { $0.contains("JIT") }, "\(lines)")
    }
}
