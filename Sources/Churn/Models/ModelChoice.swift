import Postgres

/// Which model a command is about.
package enum ModelChoice: Equatable, Sendable {
    /// By its version or its number.
    case named(String)
    /// The newest in that state.
    case candidate
    case champion

    /// Finds the model; nil when there is none.
    func find(_ connection: inout Connection) throws(PostgresError) -> ModelRecord? {
        switch self {
        case .named(let name):
            try ModelRegistry.find("WHERE version = $1 OR number::text = $1", .text(name), &connection)
        case .candidate:
            try ModelRegistry.find("WHERE state = $1 ORDER BY number DESC LIMIT 1", "candidate", &connection)
        case .champion: try ModelRegistry.find("WHERE state = $1", "champion", &connection)
        }
    }

    /// What to say when there is none.
    var absence: CommandError {
        switch self {
        case .named: CommandError(.data, "no model has this version or number", code: "no_such_model")
        case .candidate: CommandError(.data, "no model is a candidate", code: "no_candidate")
        case .champion: CommandError(.data, "no model is champion", code: "no_champion")
        }
    }
}
