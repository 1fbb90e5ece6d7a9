import Logging
import Postgres

extension PostgresError {
    /// What a log line may say of it: never a value of a row.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["error": "\(description)"]
        if let sqlState { metadata["sqlstate"] = "\(sqlState)" }
        if let constraint { metadata["constraint"] = "\(constraint)" }
        return metadata
    }
}
