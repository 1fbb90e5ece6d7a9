import JSON
import Learning
import Postgres

/// The table `models`: which models exist, and which one is champion.
enum ModelRegistry {
    /// What the table says of a model, without its artifact.
    struct Entry: Equatable, Sendable {
        let number: Int32
        let version: String
    }

    /// The champion; nil before the first promotion.
    static func champion(_ connection: inout Connection) throws(PostgresError) -> Entry? {
        let result = try connection.execute("SELECT number, version FROM models WHERE state = 'champion'")
        guard result.rowCount == 1, let number = result.integer(0, 0), let version = result.text(0, 1) else {
            return nil
        }
        return Entry(number: Int32(truncatingIfNeeded: number), version: version)
    }

    /// All models, newest first.
    static func all(_ connection: inout Connection) throws(PostgresError) -> [ModelRecord] {
        let result = try connection.execute("SELECT \(ModelRecord.columns) FROM models ORDER BY number DESC")
        var records: [ModelRecord] = []
        for row in 0..<result.rowCount { records.append(try ModelRecord(result, row)) }
        return records
    }

    /// The one model that `condition` finds.
    static func find(
        _ condition: String, _ value: Parameter, _ connection: inout Connection
    ) throws(PostgresError) -> ModelRecord? {
        let result = try connection.execute("SELECT \(ModelRecord.columns) FROM models \(condition)", value)
        return result.rowCount == 1 ? try ModelRecord(result, 0) : nil
    }

    /// The bytes of a model file, as they were registered.
    static func artifact(_ number: Int32, _ connection: inout Connection) throws(PostgresError) -> [UInt8]? {
        let result = try connection.execute("SELECT artifact FROM models WHERE number = $1", .integer(Int(number)))
        return result.rowCount == 1 ? result.binary(0, 0) : nil
    }

    /// Makes sure that a model file has a row: a new one is a candidate.
    ///
    /// Every model that serves is registered first, also one given as a file: a stored prediction can then always be
    /// explained again.
    static func register(
        _ file: ModelFile, _ connection: inout Connection
    ) throws(PostgresError) -> (record: ModelRecord, isNew: Bool) {
        if let known = try find("WHERE version = $1", .text(file.version), &connection) { return (known, false) }
        // Another process may do the same at this moment.
        let made = try connection.execute(
            """
            INSERT INTO models (version, state, artifact, metrics) VALUES ($1, 'candidate', $2, $3::jsonb)
            ON CONFLICT (version) DO NOTHING
            """, .text(file.version), .bytes(file.bytes), .text(file.summary.text))
        guard let record = try find("WHERE version = $1", .text(file.version), &connection) else {
            throw .unsuitable("a model was registered and is not there")
        }
        return (record, made.affectedRows == 1)
    }

    /// Makes a model champion where there is none.
    static func registerFirstChampion(_ file: ModelFile, _ connection: inout Connection) throws(PostgresError) {
        let number = try register(file, &connection).record.entry.number
        // Of two instances that start at once the second fails on the unique index, and finds a champion when it tries again.
        try connection.execute(
            """
            WITH first AS (UPDATE models SET state = 'champion', promoted_at = now() WHERE number = $1
            AND NOT EXISTS (SELECT FROM models WHERE state = 'champion') RETURNING number)
            INSERT INTO promotions (model, kind) SELECT number, 'first' FROM first
            """, .integer(Int(number)))
    }
}
