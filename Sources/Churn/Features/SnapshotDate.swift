import Learning
import Postgres

/// A date of a definition: what its snapshots were computed from, and what there is now.
struct SnapshotDate: Sendable {
    /// Days since 1970-01-01.
    let day: Int
    /// Nil where there are no snapshots yet.
    let customers: Int?
    let featuresRevision: Int?
    /// Nil where there are no labels yet.
    let labelsRevision: Int?
    let featuresRevisionNow: Int
    let labelsRevisionNow: Int

    /// Whether the horizon after a day has passed entirely.
    static func isMature(_ day: Int, _ definition: SnapshotDefinition, watermark: Int) -> Bool {
        (day + definition.days.horizonDays) * 86_400_000_000 <= watermark
    }

    /// Whether the features were never computed, or from other events than there are now.
    var areFeaturesWrong: Bool { customers == nil || featuresRevision != featuresRevisionNow }

    private static let columns = """
        as_of, customers, features_revision, labels_revision,
            (SELECT coalesce(sum(revision), 0)::bigint FROM event_days WHERE day >= as_of - $2::int AND day < as_of),
            (SELECT coalesce(sum(revision), 0)::bigint FROM event_days WHERE day >= as_of AND day < as_of + $3::int)
        """

    /// All dates of the definition that have snapshots, in order.
    static func all(
        _ definition: SnapshotDefinition, _ connection: inout Connection
    ) throws(PostgresError) -> [SnapshotDate] {
        let found = try connection.execute(
            "SELECT \(columns) FROM snapshot_dates WHERE definition = $1 ORDER BY as_of", .integer(definition.id),
            .integer(definition.lookbackDays), .integer(definition.days.horizonDays))
        return (0..<found.rowCount).map { SnapshotDate(found, $0) }
    }

    /// One date, with or without snapshots.
    static func read(
        _ day: Int, _ definition: SnapshotDefinition, _ connection: inout Connection
    ) throws(PostgresError) -> SnapshotDate {
        let found = try connection.execute(
            """
            SELECT \(columns) FROM (SELECT $4::date AS as_of) AS asked
                LEFT JOIN (SELECT * FROM snapshot_dates WHERE definition = $1) AS known USING (as_of)
            """, .integer(definition.id), .integer(definition.lookbackDays), .integer(definition.days.horizonDays),
            .date(day))
        return SnapshotDate(found, 0)
    }

    private init(_ result: borrowing QueryResult, _ row: Int) {
        day = result.date(row, 0) ?? 0
        customers = result.integer(row, 1)
        featuresRevision = result.integer(row, 2)
        labelsRevision = result.integer(row, 3)
        featuresRevisionNow = result.integer(row, 4) ?? 0
        labelsRevisionNow = result.integer(row, 5) ?? 0
    }

    /// Remembers that the features were computed from what there is now.
    ///
    /// - Parameter isLabelled: whether all of its rows were labelled from what there is now.
    func remember(
        customers: Int, isLabelled: Bool, _ definition: SnapshotDefinition, _ connection: inout Connection
    ) throws(PostgresError) {
        try connection.execute(
            """
            INSERT INTO snapshot_dates (definition, as_of, customers, features_revision, labels_revision)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (definition, as_of)
            DO UPDATE SET customers = excluded.customers, features_revision = excluded.features_revision
            """, .integer(definition.id), .date(day), .integer(customers), .integer(featuresRevisionNow),
            isLabelled ? .integer(labelsRevisionNow) : .null)
    }

    /// Remembers from what the labels were made; nil where they were taken back.
    func rememberLabels(
        revision: Int?, _ definition: SnapshotDefinition, _ connection: inout Connection
    ) throws(PostgresError) {
        try connection.execute(
            "UPDATE snapshot_dates SET labels_revision = $3 WHERE definition = $1 AND as_of = $2",
            .integer(definition.id), .date(day), Parameter(revision))
    }
}
