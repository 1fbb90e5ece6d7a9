import Linux
import Postgres

/// Alerts: a customer's decision has changed to churn.
///
/// Asked of the table, so that every instance knows of every other's predictions: there is an alert when the customer's
/// prediction before this one, by id, was not churn, or when there is none.
extension Publisher {
    private static let changed = """
        SELECT c.id FROM predictions AS c WHERE c.id = ANY ($1::uuid[]) AND ( \
        SELECT p.churn FROM predictions AS p WHERE p.customer_id = c.customer_id AND p.id < c.id \
        ORDER BY p.id DESC LIMIT 1) IS NOT TRUE
        """

    /// Those of the rows that are alerts.
    mutating func alerts(among ids: [PredictionID]) throws(PostgresError) -> Set<PredictionID> {
        if ids.isEmpty { return [] }
        let list = "{" + ids.map(\.text).joined(separator: ",") + "}"
        let result = try connection!.execute(Self.changed, .text(list))
        var alerts: Set<PredictionID> = []
        for row in 0..<result.rowCount { if let bits = result.uuid(row, 0) { alerts.insert(PredictionID(bits: bits)) } }
        return alerts
    }

    /// Gives what the workers handed over to Kafka: one question for all of it.
    ///
    /// Where the table cannot be asked, the rows are read from it later.
    mutating func sendArrived(_ now: Int) {
        if arrived.isEmpty { return }
        defer { arrived.removeAll(keepingCapacity: true) }
        var ids: [PredictionID] = []
        for batch in arrived where !tracks[batch.writer]!.isBehind {
            for row in batch.rows.rows where row.churn && row.id > tracks[batch.writer]!.enqueued { ids.append(row.id) }
        }
        do throws(PostgresError) {
            if !ids.isEmpty, try !connect(now) { return fallBehind() }
            let alerts = try alerts(among: ids)
            for batch in arrived where !tracks[batch.writer]!.isBehind {
                send(batch.rows, of: batch.writer, alerts)
            }
        } catch {
            disconnect(error, now)
            fallBehind()
        }
    }

    private mutating func fallBehind() { for batch in arrived { tracks[batch.writer]?.fallBehind() } }
}

/// Rows that a worker handed over.
final class CommittedRows: Sendable {
    let writer: Int32
    let rows: EventRows

    init(_ rows: consuming EventRows, writer: Int32) {
        self.rows = rows
        self.writer = writer
    }
}
