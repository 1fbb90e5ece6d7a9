import Glibc

/// Brings a database to the schema that this program needs.
///
/// The table `schema_migrations` remembers what was applied, and the checksum of each file: one that was changed
/// afterwards is refused. Migrations that the table has and this program does not are those of a newer version, which
/// keeps older ones running; they are left alone. Two that run at once both succeed: the second waits for the first.
package struct Migrator: Sendable {
    /// How long a statement may wait for a lock: while it waits, everybody behind it waits too.
    package var lockTimeoutMilliseconds = 2000
    /// How often a migration is tried whose lock was not to be had.
    package var attemptsMax = 30
    /// How long the migrations of somebody else may take.
    package var patienceMilliseconds = 600_000

    private let migrations: [Migration]

    /// - Parameter migrations: in order.
    package init(_ migrations: [Migration]) {
        precondition(
            zip(migrations, migrations.dropFirst()).allSatisfy { $0.name < $1.name }, "migrations are out of order")
        self.migrations = migrations
    }

    /// Applies what is missing.
    ///
    /// - Returns: the names of the migrations that were applied now.
    package func migrate(_ connection: inout Connection) throws(PostgresError) -> [String] {
        let patience = connection.patienceMilliseconds
        connection.patienceMilliseconds = nil
        defer { connection.patienceMilliseconds = patience }
        try takeTurn(&connection)
        do throws(PostgresError) {
            let applied = try applyPending(&connection)
            try finish(&connection)
            return applied
        } catch {
            if !error.isConnectionLost { try? finish(&connection) }
            throw error
        }
    }

    /// The names of the migrations that are missing.
    ///
    /// - Throws: also when one that was applied has another checksum now.
    package func pending(_ connection: inout Connection) throws(PostgresError) -> [String] {
        try missing(&connection).map(\.name)
    }

    /// Takes the lock without waiting in the server: `CREATE INDEX CONCURRENTLY` of its holder would wait for our
    /// transaction, and we for its.
    private func takeTurn(_ connection: inout Connection) throws(PostgresError) {
        let deadline = monotonicMilliseconds() + patienceMilliseconds
        while try !connection.tryLock(.migration, 0) {
            guard monotonicMilliseconds() < deadline else {
                throw .unsuitable("somebody else has been migrating for \(patienceMilliseconds / 1000) s")
            }
            pause(milliseconds: 50)
        }
    }

    private func finish(_ connection: inout Connection) throws(PostgresError) {
        try connection.execute("RESET lock_timeout")
        try connection.unlock(.migration, 0)
    }

    private func applyPending(_ connection: inout Connection) throws(PostgresError) -> [String] {
        try connection.execute("SET lock_timeout = \(lockTimeoutMilliseconds)")
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                name        text PRIMARY KEY,
                checksum    text NOT NULL,
                applied_at  timestamptz NOT NULL DEFAULT now())
            """)
        let missing = try missing(&connection)
        for migration in missing { try applyPatiently(migration, &connection) }
        return missing.map(\.name)
    }

    /// Tries again where a lock was not to be had, with a pause in which those who wait behind us get their turn.
    private func applyPatiently(_ migration: Migration, _ connection: inout Connection) throws(PostgresError) {
        var attempts = 1
        while true {
            do throws(PostgresError) {
                return try apply(migration, &connection)
            } catch {
                guard error.isRetriable, attempts < attemptsMax else {
                    throw error.during("migration \(migration.name)")
                }
                attempts += 1
                pause(milliseconds: Int.random(in: 100...300))
            }
        }
    }

    private func apply(_ migration: Migration, _ connection: inout Connection) throws(PostgresError) {
        guard migration.isTransactional else {
            for statement in migration.statements { try connection.run(script: statement) }
            return try remember(migration, &connection)
        }
        try connection.transaction { (connection) throws(PostgresError) in
            try connection.run(script: migration.script)
            try remember(migration, &connection)
        }
    }

    private func remember(_ migration: Migration, _ connection: inout Connection) throws(PostgresError) {
        try connection.execute(
            "INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)", .text(migration.name),
            .text(migration.checksum))
    }

    private func missing(_ connection: inout Connection) throws(PostgresError) -> [Migration] {
        let table = try connection.execute("SELECT to_regclass('schema_migrations') IS NOT NULL")
        guard table.boolean(0, 0) == true else { return migrations }
        let rows = try connection.execute("SELECT name, checksum FROM schema_migrations")
        var applied: [String: String] = [:]
        for row in 0..<rows.rowCount { applied[rows.text(row, 0) ?? ""] = rows.text(row, 1) }
        for migration in migrations {
            guard let checksum = applied[migration.name], checksum != migration.checksum else { continue }
            throw .unsuitable("migration \(migration.name) was changed after it was applied")
        }
        return migrations.filter { applied[$0.name] == nil }
    }
}

private func pause(milliseconds: Int) {
    poll(nil, 0, CInt(milliseconds))
}

extension PostgresError {
    /// The same error, saying at what work it happened.
    func during(_ work: String) -> PostgresError {
        PostgresError(
            kind, sqlState: sqlState, severity: severity, constraint: constraint, reason: "\(work): \(reason)")
    }
}
