import Postgres

/// What is stored of a definition, after a run.
struct SnapshotOverview: Sendable {
    /// The newest date that was asked for.
    struct Latest: Sendable {
        let day: Int
        let customers: Int
        /// Nil where it is not known yet who left.
        let churnShare: Double?
        let missingChecks: Int
    }

    let latest: Latest
    /// Snapshots without a label, of all dates.
    let pending: Int
    /// The newest date with labels, in days since 1970-01-01.
    let lastMature: Int?

    static func read(
        _ definition: SnapshotDefinition, day: Int, _ connection: inout Connection
    ) throws(PostgresError) -> SnapshotOverview {
        let found = try connection.execute(
            """
            SELECT count(*), avg(churned::int)::float8,
                count(*) FILTER (WHERE jsonb_typeof(features -> 'average_check') = 'null')
            FROM feature_snapshots WHERE definition = $1 AND as_of = $2
            """, .integer(definition.id), .date(day))
        let dates = try connection.execute(
            """
            SELECT coalesce(sum(customers) FILTER (WHERE labels_revision IS NULL), 0)::bigint,
                max(as_of) FILTER (WHERE labels_revision IS NOT NULL)
            FROM snapshot_dates WHERE definition = $1
            """, .integer(definition.id))
        return SnapshotOverview(
            latest: Latest(
                day: day, customers: found.integer(0, 0) ?? 0, churnShare: found.double(0, 1),
                missingChecks: found.integer(0, 2) ?? 0),
            pending: dates.integer(0, 0) ?? 0, lastMature: dates.date(0, 1))
    }
}
