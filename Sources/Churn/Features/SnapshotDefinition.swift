import JSON
import Learning
import Postgres

/// A row of `feature_definitions`: what the snapshots of one kind look at.
struct SnapshotDefinition: Equatable, Sendable {
    /// The four features of `SnapshotStatement`; another set of features would have another name.
    static let featureSet = "standard"

    let id: Int
    let days: Definition

    /// How far the snapshots look back: for features, and for who is a customer.
    var lookbackDays: Int { max(days.windowDays, days.activeDays) }

    /// The row of a definition, made where it is missing.
    static func row(of days: Definition, _ connection: inout Connection) throws(PostgresError) -> SnapshotDefinition {
        let parameters: [Parameter] = [
            .integer(days.windowDays), .integer(days.horizonDays), .integer(days.activeDays), .text(featureSet),
        ]
        let query = """
            SELECT id FROM feature_definitions
            WHERE window_days = $1 AND horizon_days = $2 AND active_days = $3 AND feature_set = $4
            """
        if let id = try connection.execute(query, parameters: parameters).first {
            return SnapshotDefinition(id: id, days: days)
        }
        let made = try connection.execute(
            """
            INSERT INTO feature_definitions (window_days, horizon_days, active_days, feature_set)
            VALUES ($1, $2, $3, $4) RETURNING id
            """, parameters: parameters)
        guard let id = made.first else { throw .unsuitable("a definition was made and is not there") }
        return SnapshotDefinition(id: id, days: days)
    }

    /// All definitions that have snapshots.
    static func all(_ connection: inout Connection) throws(PostgresError) -> [SnapshotDefinition] {
        let found = try connection.execute(
            """
            SELECT id, window_days, horizon_days, active_days FROM feature_definitions AS d
            WHERE feature_set = $1 AND EXISTS (SELECT FROM snapshot_dates WHERE definition = d.id) ORDER BY id
            """, .text(featureSet))
        return (0..<found.rowCount).map { row in
            SnapshotDefinition(
                id: found.integer(row, 0) ?? 0,
                days: Definition(
                    windowDays: found.integer(row, 1) ?? 0, horizonDays: found.integer(row, 2) ?? 0,
                    activeDays: found.integer(row, 3) ?? 0))
        }
    }

    var json: JSONValue {
        [
            "id": .count(id), "window_days": .count(days.windowDays), "horizon_days": .count(days.horizonDays),
            "active_days": .count(days.activeDays),
        ]
    }

    /// `definition 1: window 90 d, horizon 30 d, active 30 d`.
    var text: String {
        "definition \(id): window \(days.windowDays) d, horizon \(days.horizonDays) d, active \(days.activeDays) d"
    }
}

extension QueryResult {
    /// The number in the first column of the only row.
    fileprivate var first: Int? { rowCount == 1 ? integer(0, 0) : nil }
}
