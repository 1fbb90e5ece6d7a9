import Linux
import Logging
import Migrations
package import Postgres

/// A command's way to PostgreSQL: the migrated database, and the lock that keeps two commands from running at once.
///
/// Belongs on the main thread, since a private server ends with the thread that started it.
package struct CommandSession: ~Copyable {
    /// One lock a database for all commands that change what the others read.
    private static let lockKey: Int32 = 0

    package var connection: Connection
    /// For further connections of the same command.
    package let conninfo: String
    private var database: Database

    /// Connects, brings the schema up to date, and waits for its turn.
    ///
    /// - Parameters:
    ///   - command: its name, as PostgreSQL shows it in `pg_stat_activity`.
    ///   - isExclusive: whether it must not run beside load, features, train, promote and score; commands that only read
    ///     need no turn.
    package init(
        _ options: CommandOptions, command: String, isExclusive: Bool = true
    ) throws(CommandError) {
        let database = try Database(url: options.databaseURL, folder: options.dataPath, Log.service)
        let connection = try Self.open(database.conninfo, command, options, isExclusive)
        conninfo = database.conninfo
        self.connection = connection
        self.database = database
    }

    private static func open(
        _ conninfo: String, _ command: String, _ options: CommandOptions, _ isExclusive: Bool
    ) throws(CommandError) -> Connection {
        do throws(PostgresError) {
            var connection = try Connection(conninfo, as: .command, applicationName: "churn \(command)")
            for name in try Migrator(migrations).migrate(&connection) {
                Log.service.info("migrated", metadata: ["migration": "\(name)"])
            }
            guard isExclusive else { return connection }
            let deadline = Clock.monotonicNanoseconds() + options.lockTimeoutSeconds * 1_000_000_000
            while try !connection.tryLock(.command, lockKey) {
                guard Clock.monotonicNanoseconds() < deadline else { throw .commandLockBusy }
                Thread.sleep(milliseconds: 50)
            }
            return connection
        } catch {
            if error == .commandLockBusy {
                throw CommandError(
                    .busy, "another command has been at work on this database for \(options.lockTimeoutSeconds) s",
                    code: "lock_busy")
            }
            throw CommandError(error)
        }
    }

    /// Runs `body` with the connection; what PostgreSQL holds against it becomes the command's error.
    package mutating func perform<Result: ~Copyable>(
        _ body: (inout Connection) throws(PostgresError) -> Result
    ) throws(CommandError) -> Result {
        do throws(PostgresError) { return try body(&connection) } catch { throw CommandError(error) }
    }
}

extension PostgresError {
    fileprivate static let commandLockBusy = PostgresError.unsuitable("another command holds the lock")
}

extension CommandError {
    /// What an error of PostgreSQL means for who started the command.
    package init(_ error: PostgresError) {
        if error.isRetriable {
            self.init(.busy, "PostgreSQL: \(error)")
        } else if error.isServerDown {
            self.init(.databaseAway, "PostgreSQL: \(error)")
        } else if error.isBadData {
            self.init(.data, "PostgreSQL: \(error)")
        } else {
            self.init(error.kind == .unsuitable ? .configuration : .bug, "PostgreSQL: \(error)")
        }
    }
}
