import JSON
import Learning
import Postgres

/// `churn events`: how far the predictions are published, and giving up on old ones.
package enum Events {
    /// Rows that are counted as not published; more are many.
    private static let countMax = 1_000_000

    // MARK: Status

    /// Each writer of which something may have to be published: its mark, and how many rows are behind it.
    package static func status(_ options: CommandOptions) throws(CommandError) -> CommandOutcome {
        var session = try CommandSession(options, command: "events status", isExclusive: false)
        let writers = try session.perform { connection throws(PostgresError) in try open(&connection) }
        let lag = writers.reduce(0) { $0 + $1.lag }
        let json: JSONValue = [
            "command": "events status", "status": "done", "lag_rows": .count(lag),
            "is_complete": .boolean(lag < countMax), "writers": .array(writers.map(\.json)), "warnings": [],
        ]
        return CommandOutcome(.done, json: json, text: table(writers, lag))
    }

    /// What `writers` and `predictions` say of a writer that is not closed.
    private struct Writer {
        let id: Int
        let mark: PredictionID?
        let isAlive: Bool
        let lag: Int

        var markedAt: Int? { mark.flatMap { $0.bits == 0 ? nil : $0.microseconds } }

        var json: JSONValue {
            [
                "writer": .count(id), "alive": .boolean(isAlive),
                "acknowledged": mark.map { .string($0.text) } ?? .null, "acknowledged_at": .instant(markedAt),
                "lag_rows": .count(lag),
            ]
        }
    }

    private static func open(_ connection: inout Connection) throws(PostgresError) -> [Writer] {
        let result = try connection.execute(
            """
            WITH open AS MATERIALIZED (
                SELECT id, coalesce(acknowledged, '00000000-0000-0000-0000-000000000000') AS mark FROM writers
                WHERE closed_at IS NULL),
            behind AS (
                SELECT writer, count(*) AS rows FROM (
                    SELECT p.writer FROM predictions AS p JOIN open ON open.id = p.writer AND p.id > open.mark
                    WHERE p.id > (SELECT mark FROM open ORDER BY mark LIMIT 1) LIMIT \(countMax)) AS p
                GROUP BY writer)
            SELECT open.id, open.mark, coalesce(behind.rows, 0), EXISTS (
                SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = $1 AND objid::bigint = open.id
                AND objsubid = 2 AND granted
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            FROM open LEFT JOIN behind ON behind.writer = open.id ORDER BY open.id
            """, .integer(Int(AdvisoryLockClass.writer.rawValue)))
        return (0..<result.rowCount).map { row in
            Writer(
                id: result.integer(row, 0) ?? 0, mark: result.uuid(row, 1).map { PredictionID(bits: $0) },
                isAlive: result.boolean(row, 3) == true, lag: result.integer(row, 2) ?? 0)
        }
    }

    private static func table(_ writers: [Writer], _ lag: Int) -> String {
        if writers.isEmpty { return "Every prediction has been published." }
        var table = TextTable()
        table.add("writer", "state", "published up to", "rows behind")
        for writer in writers {
            table.add(
                "\(writer.id)", writer.isAlive ? "at work" : "gone",
                writer.markedAt.map { CommandText.instant($0) } ?? "-", "\(writer.lag)")
        }
        let rows = lag < countMax ? "\(lag)" : "\(countMax) or more"
        return (table.lines + ["", "Rows that are not known to be published: \(rows)."]).joined(separator: "\n")
    }

    // MARK: Skip

    /// Lets predictions from before a day count as published.
    ///
    /// Only the holder of a writer's lock may move its mark, so writers that are at work are left alone, as are those whose
    /// rows are being published at this moment.
    package static func skip(before day: Int, _ options: CommandOptions) throws(CommandError) -> CommandOutcome {
        var session = try CommandSession(options, command: "events skip", isExclusive: false)
        let mark = PredictionID(firstAt: day * 86_400_000_000).predecessor
        let (moved, left) = try session.perform { connection throws(PostgresError) in
            try skip(to: mark, &connection)
        }
        let json: JSONValue = [
            "command": "events skip", "status": .string(moved > 0 ? "done" : "unchanged"), "before": .date(day),
            "writers_skipped": .count(moved), "writers_left_alone": .count(left), "warnings": [],
        ]
        var text = "\(moved) writers count as published up to \(CommandText.date(day))."
        if left > 0 { text += " \(left) are at work and were left alone: stop the service first." }
        return CommandOutcome(moved > 0 ? .done : .unchanged, json: json, text: text)
    }

    private static func skip(
        to mark: PredictionID, _ connection: inout Connection
    ) throws(PostgresError) -> (moved: Int, left: Int) {
        let open = try connection.execute(
            "SELECT id FROM writers WHERE closed_at IS NULL AND coalesce(acknowledged < $1, true) ORDER BY id",
            .uuid(mark.bits))
        var moved = 0
        for row in 0..<open.rowCount {
            let writer = Int32(truncatingIfNeeded: open.integer(row, 0) ?? 0)
            guard try connection.tryLock(.drain, writer) else { continue }
            if try connection.tryLock(.writer, writer) {
                moved += try connection.execute(
                    "UPDATE writers SET acknowledged = $2 WHERE id = $1 AND coalesce(acknowledged < $2, true)",
                    .integer(Int(writer)), .uuid(mark.bits)
                ).affectedRows
                try connection.unlock(.writer, writer)
            }
            try connection.unlock(.drain, writer)
        }
        return (moved, open.rowCount - moved)
    }
}
