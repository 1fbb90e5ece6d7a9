/// One thing that came back over a pipeline, in the order in which the statements were sent.
package enum PipelineEvent: ~Copyable {
    /// A statement without rows succeeded and touched this many; not committed until `synced(.committed)`.
    case completed(rows: Int)
    /// A statement with rows succeeded.
    case rows(QueryResult)
    /// A statement failed, or the commit did (then after the `completed` of the last statement).
    case failed(PostgresError)
    /// A statement was not run because one before it, in the same batch, had failed.
    case skipped
    /// The result of a Sync: the only proof of a commit.
    case synced(BatchOutcome)
    /// The session is over. What was sent and has no `synced` yet is unknown; nothing comes after this.
    case lost(PostgresError)
}
