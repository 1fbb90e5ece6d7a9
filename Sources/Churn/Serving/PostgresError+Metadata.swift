import Logging
import Postgres

extension Logger.Metadata {
    /// Which request a log line is about: its route, and its id where its caller gave one or belongs to a trace.
    static func request(_ id: String?, _ route: Route) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["route": "\(route.template)"]
        if let id { metadata["request_id"] = "\(id)" }
        return metadata
    }
}

extension PostgresError {
    /// What a log line may say of it: never a value of a row.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["error": "\(description)"]
        if let sqlState { metadata["sqlstate"] = "\(sqlState)" }
        if let constraint { metadata["constraint"] = "\(constraint)" }
        return metadata
    }
}
