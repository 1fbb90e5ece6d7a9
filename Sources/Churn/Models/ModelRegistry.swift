import Bytes
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

    /// The bytes of a model file, as they were registered.
    static func artifact(_ number: Int32, _ connection: inout Connection) throws(PostgresError) -> [UInt8]? {
        let result = try connection.execute("SELECT artifact FROM models WHERE number = $1", .integer(Int(number)))
        return result.rowCount == 1 ? result.binary(0, 0) : nil
    }

    /// Makes sure that a model file has a row.
    ///
    /// Every model that serves is registered first, also one given as a file: a stored prediction can then always be
    /// explained again. With `asFirstChampion` it becomes champion if there is none.
    @discardableResult
    static func register(
        _ file: ModelFile, asFirstChampion: Bool, _ connection: inout Connection
    ) throws(PostgresError) -> Entry {
        var metrics = ByteBuffer(capacity: 1024)
        file.summary.write(into: &metrics)
        try connection.execute(
            """
            INSERT INTO models (version, state, artifact, metrics) VALUES ($1, 'candidate', $2, $3::jsonb)
            ON CONFLICT (version) DO NOTHING
            """, .text(file.version), .bytes(file.bytes), .text(metrics.text))
        let known = try connection.execute("SELECT number FROM models WHERE version = $1", .text(file.version))
        guard let number = known.integer(0, 0) else { throw .unsuitable("a model was registered and is not there") }
        let entry = Entry(number: Int32(truncatingIfNeeded: number), version: file.version)
        if asFirstChampion {
            // Of two instances that start at once the second fails on the unique index, and finds a champion when it tries again.
            try connection.execute(
                """
                UPDATE models SET state = 'champion', promoted_at = now() WHERE number = $1
                AND NOT EXISTS (SELECT FROM models WHERE state = 'champion')
                """, .integer(number))
        }
        return entry
    }
}
