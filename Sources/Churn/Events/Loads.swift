import Postgres

/// The table `loads`: the files that were loaded, one row each.
enum Loads {
    /// A load that is in force.
    struct Entry: Sendable {
        let id: Int
        let sha256: String
        let mapping: String
        let period: ClosedRange<Int>?
    }

    /// The number of the next load: its rows carry it before it is known how the load ends.
    static func nextID(_ connection: inout Connection) throws(PostgresError) -> Int {
        let next = try connection.execute("SELECT nextval(pg_get_serial_sequence('loads', 'id'))")
        guard let id = next.integer(0, 0) else { throw .unsuitable("the table loads has no sequence") }
        return id
    }

    /// Whether a file of so many bytes was read with this mapping, so that its checksum is worth computing first.
    static func hasFile(
        bytes: Int, mapping: String, _ connection: inout Connection
    ) throws(PostgresError) -> Bool {
        try connection.execute(
            "SELECT EXISTS (SELECT FROM loads WHERE state = 'loaded' AND file_bytes = $1 AND mapping = $2)",
            .integer(bytes), .text(mapping)
        ).boolean(0, 0) == true
    }

    /// The load of exactly these bytes with exactly this mapping.
    static func same(
        sha256: String, mapping: String, path: String, _ connection: inout Connection
    ) throws(PostgresError) -> LoadedFile? {
        let found = try connection.execute(
            """
            SELECT id, lines, first_event, last_event FROM loads
            WHERE state = 'loaded' AND sha256 = $1 AND mapping = $2
            """, .text(sha256), .text(mapping))
        guard found.rowCount == 1, let id = found.integer(0, 0) else { return nil }
        var file = LoadedFile(path: path, status: .unchanged, loadID: id, sha256: sha256)
        file.lines = found.integer(0, 1) ?? 0
        if let first = found.timestamp(0, 2), let last = found.timestamp(0, 3) { file.period = first...last }
        return file
    }

    /// The loads that this one would repeat: of the same bytes, or of the same name and an overlapping period.
    static func overlapping(
        _ file: LoadedFile, name: String, _ connection: inout Connection
    ) throws(PostgresError) -> [Entry] {
        let found = try connection.execute(
            """
            SELECT id, sha256, mapping, first_event, last_event FROM loads WHERE state = 'loaded'
                AND (sha256 = $1 OR name = $2 AND first_event <= $4::timestamptz AND last_event >= $3::timestamptz)
            ORDER BY id
            """, .text(file.sha256), .text(name), file.period.map { .timestamp($0.lowerBound) } ?? .null,
            file.period.map { .timestamp($0.upperBound) } ?? .null)
        return (0..<found.rowCount).map { row in
            let first = found.timestamp(row, 3)
            let period = first.flatMap { first in found.timestamp(row, 4).map { first...$0 } }
            return Entry(
                id: found.integer(row, 0) ?? 0, sha256: found.text(row, 1) ?? "", mapping: found.text(row, 2) ?? "",
                period: period)
        }
    }

    /// Takes the rows of a load away, and its force.
    static func remove(_ entry: Entry, _ connection: inout Connection) throws(PostgresError) {
        try connection.execute("DELETE FROM events WHERE load_id = $1", .integer(entry.id))
        try connection.execute("UPDATE loads SET state = 'replaced' WHERE id = $1", .integer(entry.id))
        guard let period = entry.period else { return }
        try EventDays.touch(from: period.lowerBound, through: period.upperBound, &connection)
    }

    /// - Parameter completeTo: microseconds since 1970.
    static func insert(
        _ file: LoadedFile, name: String, mapping: String, completeTo: Int?, _ connection: inout Connection
    ) throws(PostgresError) {
        try connection.execute(
            """
            INSERT INTO loads (id, name, sha256, mapping, file_bytes, state, first_event, last_event, complete_to,
                lines, inserted, duplicates, rejected)
            OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, 'loaded', $6, $7, $8, $9, $10, $11, $12)
            """, .integer(file.loadID), .text(name), .text(file.sha256), .text(mapping), .integer(file.bytes),
            file.period.map { .timestamp($0.lowerBound) } ?? .null,
            file.period.map { .timestamp($0.upperBound) } ?? .null, completeTo.map { .timestamp($0) } ?? .null,
            .integer(file.lines), .integer(file.inserted), .integer(file.duplicates), .integer(file.rejected))
    }

    /// Notes up to when a load is complete; false where that was known.
    static func complete(_ id: Int, to instant: Int, _ connection: inout Connection) throws(PostgresError) -> Bool {
        try connection.execute(
            "UPDATE loads SET complete_to = $2 WHERE id = $1 AND complete_to IS DISTINCT FROM $2", .integer(id),
            .timestamp(instant)
        ).affectedRows > 0
    }
}
