import Postgres

/// The table of answered requests, as a clerk's transaction sees it.
enum IdempotencyStore {
    /// How long an answer is kept at least.
    static let hours = 24

    /// A request that was answered before.
    struct Answered {
        let key: UInt128
        let digest: UInt128
        let answer: [UInt8]
    }

    /// Those of `keys` that were answered before.
    static func find(
        _ keys: [UInt128], _ connection: inout Connection
    ) throws(PostgresError) -> [UInt128: Answered] {
        let list = keys.map { PredictionID(bits: $0).text }.joined(separator: ",")
        let result = try connection.execute(
            "SELECT key, request, answer FROM idempotency_keys WHERE key = ANY ($1::text::uuid[])", .text("{\(list)}"))
        var found: [UInt128: Answered] = [:]
        for row in 0..<result.rowCount {
            guard let key = result.uuid(row, 0), let digest = result.uuid(row, 1) else { continue }
            found[key] = Answered(key: key, digest: digest, answer: result.binary(row, 2) ?? [])
        }
        return found
    }

    /// Takes a key, unless somebody has it.
    ///
    /// Where another transaction is about to take it, this waits for its end. Keys are taken in ascending order, so that two
    /// that take several never wait for each other.
    /// - Returns: false where somebody was first.
    static func claim(
        _ key: UInt128, _ digest: UInt128, first: PredictionID, answer: [UInt8], _ connection: inout Connection
    ) throws(PostgresError) -> Bool {
        try connection.execute(
            """
            INSERT INTO idempotency_keys (key, request, prediction_id, answer) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (key) DO NOTHING
            """, .uuid(key), .uuid(digest), .uuid(first.bits), .bytes(answer)
        ).affectedRows == 1
    }

    /// Gives the transaction a commit of its own.
    ///
    /// It is flushed, and a replica has it, only after everything that this transaction saw. Without it an answer that is
    /// merely read again could be of a row that no replica has.
    static func touch(_ writer: Int32, _ connection: inout Connection) throws(PostgresError) {
        try connection.execute("UPDATE writers SET resent = resent WHERE id = $1", .integer(Int(writer)))
    }

    /// Deletes answers that have been kept long enough.
    ///
    /// - Returns: whether there may be more.
    static func sweep(_ connection: inout Connection) throws(PostgresError) -> Bool {
        try connection.execute(
            """
            DELETE FROM idempotency_keys WHERE key IN (SELECT key FROM idempotency_keys \
            WHERE created_at < now() - make_interval(hours => \(hours)) ORDER BY created_at LIMIT 1000)
            """
        ).affectedRows == 1000
    }
}
