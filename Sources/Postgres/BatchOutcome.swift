/// What became of the statements between two Syncs, which PostgreSQL runs as one transaction.
package enum BatchOutcome: Equatable, Sendable {
    /// Every statement succeeded, no error came before the Sync's result, and that came: the rows are kept.
    case committed
    /// An error came before the Sync's result: nothing was kept.
    case refused(PostgresError)
    /// A warning came: the commit was made here, but what it waited for (a replica) was not.
    case unknown
}
