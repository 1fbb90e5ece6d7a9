import Learning
import Postgres

/// What each customer did between the days at which a snapshot's window, or horizon, begins or ends: counted once for all
/// dates of a run, since their windows overlap.
///
/// A temporary table of the session. Sums of decimals are exact, so that a window's sum is the sum of its parts.
struct SnapshotActivity: Sendable {
    /// Beyond that, what is called a service is something else.
    static let servicesMax = 1000
    static let table = "snapshot_activity"

    /// Days since 1970-01-01, ascending.
    private let borders: [Int]
    /// The spans of days that any date looks at.
    private let spans: [Range<Int>]

    init(_ dates: [(day: Int, isMature: Bool)], _ definition: SnapshotDefinition) {
        var borders: Set<Int> = []
        var spans: [Range<Int>] = []
        for date in dates.sorted(by: { $0.day < $1.day }) {
            let start = date.day - definition.lookbackDays
            let end = date.isMature ? date.day + definition.days.horizonDays : date.day
            borders.formUnion([start, date.day - definition.days.windowDays, date.day, end])
            if let last = spans.last, start <= last.upperBound {
                spans[spans.count - 1] = last.lowerBound..<max(last.upperBound, end)
            } else {
                spans.append(start..<end)
            }
        }
        self.borders = borders.sorted()
        self.spans = spans
    }

    /// The condition that a part of the table begins at a border or later.
    func isFrom(_ day: Int) -> String { "part >= \(place(day))" }

    /// The condition that a part of the table ends at a border or earlier.
    func isBefore(_ day: Int) -> String { "part < \(place(day))" }

    /// `width_bucket` counts the borders up to a time.
    private func place(_ day: Int) -> Int {
        guard let index = borders.firstIndex(of: day) else { preconditionFailure("day \(day) is no border") }
        return index + 1
    }

    private var isLookedAt: String {
        spans.map { span in
            "occurred_at >= \(SnapshotStatement.instant(span.lowerBound))"
                + " AND occurred_at < \(SnapshotStatement.instant(span.upperBound))"
        }.joined(separator: " OR ")
    }

    /// Makes the table.
    ///
    /// - Returns: false where there are more services than can be.
    func make(_ connection: inout Connection) throws(PostgresError) -> Bool {
        let found = try connection.execute(
            """
            SELECT quote_literal(service) FROM events WHERE (\(isLookedAt)) AND service IS NOT NULL GROUP BY service
            LIMIT \(Self.servicesMax + 1)
            """)
        if found.rowCount > Self.servicesMax { return false }
        let services = (0..<found.rowCount).map { found.text($0, 0) ?? "NULL" }
        let instants = borders.map(SnapshotStatement.instant).joined(separator: ", ")
        let isPaid = "kind = 'purchase' AND amount >= 0"
        try connection.execute(
            """
            CREATE TEMPORARY TABLE \(Self.table) AS
            SELECT customer_id, width_bucket(occurred_at, ARRAY[\(instants)]) AS part,
                count(*) FILTER (WHERE kind = 'purchase' AND (amount IS NULL OR amount >= 0))::int AS purchases,
                count(*) FILTER (WHERE \(isPaid))::int AS amounts, sum(amount) FILTER (WHERE \(isPaid)) AS total,
                max(occurred_at) AS last, bit_or(bit) AS services
            FROM events LEFT JOIN (VALUES \(Self.values(services))) AS services (name, bit) ON name = service
            WHERE \(isLookedAt) GROUP BY 1, 2
            """)
        return true
    }

    /// A bit for each service: sets of them are joined by a single operation.
    private static func values(_ services: [String]) -> String {
        if services.isEmpty { return "(NULL::text, NULL::varbit)" }
        return services.enumerated().map { place, name in
            let bits =
                String(repeating: "0", count: place) + "1" + String(repeating: "0", count: services.count - place - 1)
            return "(\(name), B'\(bits)'::varbit)"
        }.joined(separator: ", ")
    }
}
