import Migrations
import Postgres

/// `churn migrate`.
package enum Migrate {
    /// Applies what is missing.
    ///
    /// - Returns: the names of what was applied now.
    package static func run(databaseURL: String?, environment: Environment) throws(CommandError) -> [String] {
        guard let url = databaseURL ?? environment["DATABASE_URL"] else {
            throw CommandError(.configuration, "give --database-url or DATABASE_URL: which database is to be migrated?")
        }
        do throws(PostgresError) {
            var connection = try Connection(url, as: .command, applicationName: "churn migrate")
            return try Migrator(migrations).migrate(&connection)
        } catch {
            throw CommandError(error.isServerDown ? .databaseAway : .configuration, "PostgreSQL: \(error)")
        }
    }
}
