import ArgumentParser
import Churn

/// `churn migrate`.
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database to the schema of this version.",
        discussion: """
            Applies each file of migrations/ once, in order, in a transaction of its own. Two that run at once both \
            succeed. `churn serve` does the same when it starts.
            """)

    @Option(
        help: ArgumentHelp(
            "PostgreSQL, as postgres://user@host/name or key=value pairs [DATABASE_URL].", valueName: "url"))
    var databaseUrl: String?

    func run() throws {
        try Command.run { () throws(CommandError) in
            for name in try Migrate.run(databaseURL: databaseUrl, environment: .process) { print("applied \(name)") }
        }
    }
}
