import Bytes
import Churn
import Migrations
import Postgres
import TestSupport
import Testing

struct HistorySummaryTests {
    private static let start = CivilTime(year: 2026, month: 11, day: 1).microsecondsSince1970
    private static let hour = 3_600_000_000

    /// A database with predictions at these hours after the start; every third one churns.
    private func database(_ hours: [Int]) throws -> Connection {
        var connection = try Connection(try TemporaryPostgres.shared.makeDatabase(), as: .command)
        _ = try Migrator(migrations).migrate(&connection)
        for (number, hour) in hours.enumerated() {
            let time = Self.start + hour * Self.hour + number
            try connection.execute(
                """
                INSERT INTO predictions (id, created_at, probability, threshold, model, writer, churn, customer_id, risk,
                    source, features) VALUES ($1, $2, $3, 0.5, 1, 1, $4, 'c', 'low', 'http', '{}')
                """, .uuid(PredictionID(firstAt: time).bits), .timestamp(time), .double(Double(number) / 100),
                .boolean(number % 3 == 0))
        }
        return connection
    }

    private func rows(
        _ query: HistorySummaryQuery, examining most: Int, _ connection: inout Connection
    ) throws -> [String] {
        let found = try connection.execute(
            HistorySummaryQuery.sql(examining: most), .text(query.bounds), .integer(query.count))
        return (0..<found.rowCount).map { row in
            let mean = found.double(row, 3).map { "\($0)" } ?? "-"
            return
                "\(found.integer(row, 0) ?? -1): \(found.integer(row, 1) ?? -1) \(found.integer(row, 2) ?? -1) \(mean)"
                + " \(found.uuid(row, 4).map { "\((PredictionID(bits: $0).microseconds - Self.start) % 1000)" } ?? "all")"
        }
    }

    @Test func `steps are counted from the last one back, empty ones too, as long as there are not too many`() throws {
        // Hours 0, 0, 0, 2, 2, 4 and one behind the end of the period.
        var connection = try database([0, 0, 0, 2, 2, 4, 5])
        let query = HistorySummaryQuery(
            from: Self.start, to: Self.start + 9 * Self.hour / 2, stepMicroseconds: Self.hour)
        let last = ["1: 0 0 - all", "2: 2 1 0.035 all", "3: 0 0 - all", "4: 1 0 0.05 all"]
        #expect(try rows(query, examining: 100, &connection) == ["0: 3 1 0.01 all"] + last)
        #expect(try rows(query, examining: 6, &connection) == ["0: 3 1 0.01 all"] + last)
        // A step that has too many is counted down to the first that is too many, which is named.
        #expect(try rows(query, examining: 5, &connection) == ["0: 2 0 0.015 0"] + last)
        #expect(try rows(query, examining: 2, &connection) == ["2: 1 0 0.04 3"] + last.dropFirst(2))
        #expect(try rows(query, examining: 0, &connection) == ["4: 0 0 - 5"])
    }

    @Test func `predictions of one instant are counted together or left together`() throws {
        var connection = try database([1])
        for bits in UInt128(1)...4 {
            try connection.execute(
                """
                INSERT INTO predictions (id, created_at, probability, threshold, model, writer, churn, customer_id, risk,
                    source, features) SELECT $1, created_at, 0.5, 0.5, 1, 1, true, 'd', 'low', 'http', '{}'
                FROM predictions LIMIT 1
                """, .uuid(PredictionID(firstAt: Self.start + Self.hour + (bits > 2 ? 7 : 0)).bits + bits))
        }
        let query = HistorySummaryQuery(from: Self.start, to: Self.start + 2 * Self.hour, stepMicroseconds: Self.hour)
        #expect(try rows(query, examining: 3, &connection) == ["1: 2 2 0.5 0"])
        #expect(try rows(query, examining: 2, &connection) == ["1: 2 2 0.5 0"])
        #expect(try rows(query, examining: 1, &connection) == ["1: 0 0 - 7"])
    }

    @Test func `a page looks at ranges of the primary key and sorts nothing`() throws {
        var connection = try database([0])
        try connection.execute("SET enable_seqscan = off")
        let query = HistorySummaryQuery(from: Self.start, to: Self.start + Self.hour, stepMicroseconds: Self.hour)
        let plan = try connection.execute(
            "EXPLAIN " + HistorySummaryQuery.sql(examining: 10), .text(query.bounds), .integer(query.count))
        let lines = (0..<plan.rowCount).map { plan.text($0, 0) ?? "" }
        #expect(lines.contains { $0.contains("Index Only Scan Backward using predictions_pkey") }, "\(lines)")
        #expect(lines.contains { $0.contains("Index Scan using predictions_pkey") }, "\(lines)")
        #expect(lines.filter { $0.contains("Sort Key") }.allSatisfy { $0.contains("walk.step") }, "\(lines)")
    }
}
