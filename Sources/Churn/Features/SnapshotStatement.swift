import Learning

/// The SQL that looks back from a date, set by set.
///
/// Days and numbers stand in the text: PostgreSQL takes no parameters where a table is made from a query, and a plan of
/// its own for each date is what is wanted.
struct SnapshotStatement {
    let definition: SnapshotDefinition
    /// Days since 1970-01-01.
    let day: Int
    /// Whether the horizon has passed, so that it is known who left.
    let isMature: Bool

    private var asOf: String { Self.instant(day) }
    private var end: String { Self.instant(isMature ? day + definition.days.horizonDays : day) }

    /// Midnight of a day as a constant.
    static func instant(_ day: Int) -> String { "timestamptz '\(CommandText.date(day)) 00:00:00Z'" }

    /// Customers, their features and what became of them.
    ///
    /// Nothing at or after the date enters a feature; only `returns` looks ahead.
    private func query(_ activity: SnapshotActivity) -> String {
        let end = isMature ? day + definition.days.horizonDays : day
        let isEarlier = activity.isBefore(day)
        let isInWindow = "\(isEarlier) AND \(activity.isFrom(day - definition.days.windowDays))"
        return """
            SELECT customer_id, \(isMature ? "NOT returns" : "NULL::boolean") AS churned, jsonb_build_object(
                'purchase_frequency', purchases / \(definition.days.windowDays)::float8 * 30,
                'average_check', total / amounts,
                'days_since_last_activity', extract(epoch FROM \(asOf) - last)::float8 / 86400,
                'services_used', coalesce(bit_count(services), 0)) AS features
            FROM (
                SELECT customer_id, coalesce(sum(purchases) FILTER (WHERE \(isInWindow)), 0)::float8 AS purchases,
                    (sum(total) FILTER (WHERE \(isInWindow)))::float8 AS total,
                    nullif(sum(amounts) FILTER (WHERE \(isInWindow)), 0)::float8 AS amounts,
                    max(last) FILTER (WHERE \(isEarlier)) AS last,
                    bit_or(services) FILTER (WHERE \(isInWindow)) AS services, bool_or(NOT (\(isEarlier))) AS returns
                FROM \(SnapshotActivity.table)
                WHERE \(activity.isFrom(day - definition.lookbackDays)) AND \(activity.isBefore(end))
                GROUP BY customer_id
            ) AS by_customer
            WHERE last >= \(Self.instant(day - definition.days.activeDays))
            """
    }

    /// What identifies the rows of the date in `feature_snapshots`.
    var rows: String { "definition = \(definition.id) AND as_of = date '\(CommandText.date(day))'" }

    /// Stores a date that has no rows yet, in the order of its index.
    func insertAll(_ activity: SnapshotActivity) -> String {
        """
        INSERT INTO feature_snapshots (definition, customer_id, as_of, churned, features)
        SELECT \(definition.id), customer_id, date '\(CommandText.date(day))', churned, features
        FROM (\(query(activity))) AS computed ORDER BY customer_id
        """
    }

    /// Keeps what is computed now beside what is stored, for the three statements after it.
    func makeComputed(_ activity: SnapshotActivity) -> String {
        "CREATE TEMPORARY TABLE computed ON COMMIT DROP AS \(query(activity))"
    }

    var insertMissing: String {
        """
        INSERT INTO feature_snapshots (definition, customer_id, as_of, churned, features)
        SELECT \(definition.id), customer_id, date '\(CommandText.date(day))', churned, features FROM computed
        ON CONFLICT DO NOTHING
        """
    }

    var updateFeatures: String {
        """
        UPDATE feature_snapshots AS stored SET features = computed.features FROM computed
        WHERE \(rows) AND stored.customer_id = computed.customer_id AND stored.features <> computed.features
        """
    }

    /// Takes those away who turned out not to have been customers then.
    var deleteGone: String {
        """
        DELETE FROM feature_snapshots AS stored
        WHERE \(rows) AND NOT EXISTS (SELECT FROM computed WHERE computed.customer_id = stored.customer_id)
        """
    }

    /// Says of each customer of the date whether they came back; the answer counts labels that were missing, and others.
    var label: String {
        """
        WITH returned AS (
            SELECT DISTINCT customer_id FROM events WHERE occurred_at >= \(asOf) AND occurred_at < \(end)
        ), judged AS (
            SELECT customer_id, stored.churned AS was, returned.customer_id IS NULL AS churned
            FROM feature_snapshots AS stored LEFT JOIN returned USING (customer_id) WHERE \(rows)
        ), labelled AS (
            UPDATE feature_snapshots AS stored SET churned = judged.churned FROM judged
            WHERE \(rows) AND stored.customer_id = judged.customer_id AND stored.churned IS DISTINCT FROM judged.churned
            RETURNING judged.was
        )
        SELECT count(*) FILTER (WHERE was IS NULL), count(was) FROM labelled
        """
    }

    /// Takes labels back: what was known is in doubt again.
    var forgetLabels: String {
        "UPDATE feature_snapshots SET churned = NULL WHERE \(rows) AND churned IS NOT NULL"
    }
}
