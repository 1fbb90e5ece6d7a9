import Logging
import Postgres

/// The PostgreSQL of a service: the one it was told, or one of its own.
struct Database {
    let conninfo: String

    static func open(_ configuration: ServeConfiguration, _ log: Logger) throws(CommandError) -> Database {
        guard let url = configuration.databaseURL else {
            throw CommandError(.configuration, "no DATABASE_URL")
        }
        return Database(conninfo: url)
    }

    func close(_ log: Logger) {}
}
