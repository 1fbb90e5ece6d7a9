import Bytes
import JSON
import Postgres

/// Changing the champion, and going back.
extension ModelRegistry {
    /// A champion has given way to another.
    struct Change: Sendable {
        let champion: Entry
        let previous: Entry?
        /// Microseconds since 1970.
        let at: Int
    }

    /// Makes `model` champion, and tells every running server.
    ///
    /// - Parameters:
    ///   - expected: the champion that the gate compared it with.
    ///   - gate: what the gate found; nil when it was not asked.
    /// - Returns: nil when somebody else has changed the champion meanwhile.
    static func promote(
        _ model: Entry, replacing expected: Entry?, gate: JSONValue?, _ connection: inout Connection
    ) throws(PostgresError) -> Change? {
        try changing(&connection) { (previous, follows, connection) throws(PostgresError) in
            guard previous == expected else { return nil }
            let found = gate.map { Parameter.text($0.text) } ?? .null
            let at = try record(model, "promote", follows, gate == nil, found, &connection)
            return Change(champion: model, previous: previous, at: at)
        }
    }

    /// The gate has found a candidate not good enough: `--candidate` finds it no more.
    static func refuse(_ model: Entry, _ connection: inout Connection) throws(PostgresError) {
        try connection.execute(
            "UPDATE models SET state = 'refused' WHERE number = $1 AND state = 'candidate'",
            .integer(Int(model.number)))
    }

    /// Makes the champion before this one champion again: a step back along the promotions, and a second one another step.
    ///
    /// - Returns: nil when there is no earlier one.
    static func rollBack(_ connection: inout Connection) throws(PostgresError) -> Change? {
        try changing(&connection) { (champion, current, connection) throws(PostgresError) in
            guard let champion, let current else { return nil }
            let earlier = try connection.execute(
                """
                SELECT m.number, m.version, p.follows FROM promotions AS p JOIN models AS m ON m.number = p.model \
                WHERE p.id = (SELECT follows FROM promotions WHERE id = $1)
                """, .integer(current))
            guard earlier.rowCount == 1, let entry = entry(earlier) else { return nil }
            let at = try record(entry, "rollback", earlier.integer(0, 2), false, .null, &connection)
            return Change(champion: entry, previous: champion, at: at)
        }
    }

    /// The model that a rollback would make champion.
    static func beforeChampion(_ connection: inout Connection) throws(PostgresError) -> Entry? {
        let earlier = try connection.execute(
            """
            SELECT m.number, m.version FROM promotions AS now JOIN promotions AS p ON p.id = now.follows \
            JOIN models AS m ON m.number = p.model \
            WHERE now.id = (SELECT max(id) FROM promotions WHERE model = (SELECT number FROM models WHERE state = 'champion'))
            """)
        return earlier.rowCount == 1 ? entry(earlier) : nil
    }

    /// Runs `body` in a transaction in which nobody else changes the champion.
    ///
    /// - Parameter body: takes the champion and the id of its promotion.
    private static func changing<Result>(
        _ connection: inout Connection,
        _ body: (Entry?, Int?, inout Connection) throws(PostgresError) -> Result
    ) throws(PostgresError) -> Result {
        try connection.transaction { (connection) throws(PostgresError) in
            try connection.execute("LOCK TABLE promotions IN SHARE ROW EXCLUSIVE MODE")
            let champion = try champion(&connection)
            let current = try champion.map { entry throws(PostgresError) in try promotion(of: entry, &connection) }
            return try body(champion, current, &connection)
        }
    }

    /// The id of the last promotion of the champion; one that became champion by hand gets its row now.
    private static func promotion(of champion: Entry, _ connection: inout Connection) throws(PostgresError) -> Int {
        let number = Parameter.integer(Int(champion.number))
        let known = try connection.execute("SELECT max(id) FROM promotions WHERE model = $1", number)
        if let id = known.integer(0, 0) { return id }
        let made = try connection.execute(
            """
            INSERT INTO promotions (model, kind, at) SELECT number, 'first', coalesce(promoted_at, created_at) \
            FROM models WHERE number = $1 RETURNING id
            """, number)
        return made.integer(0, 0) ?? 0
    }

    /// - Returns: when it was, in microseconds since 1970.
    private static func record(
        _ model: Entry, _ kind: String, _ follows: Int?, _ forced: Bool, _ gate: Parameter,
        _ connection: inout Connection
    ) throws(PostgresError) -> Int {
        let number = Parameter.integer(Int(model.number))
        try connection.execute("UPDATE models SET state = 'retired' WHERE state = 'champion'")
        try connection.execute(
            "UPDATE models SET state = 'champion', promoted_at = now() WHERE number = $1", number)
        let made = try connection.execute(
            """
            INSERT INTO promotions (model, follows, kind, forced, gate) VALUES ($1, $2, $3, $4, $5::jsonb) RETURNING at
            """, number, Parameter(follows), .text(kind), .boolean(forced), gate)
        // Sent with the commit: whoever hears it finds the new champion.
        try connection.execute("SELECT pg_notify('models', $1)", .text(model.version))
        return made.timestamp(0, 0) ?? 0
    }

    private static func entry(_ result: borrowing QueryResult) -> Entry? {
        guard let number = result.integer(0, 0), let version = result.text(0, 1) else { return nil }
        return Entry(number: Int32(truncatingIfNeeded: number), version: version)
    }
}
