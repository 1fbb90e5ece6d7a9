import Linux
import Postgres

/// Alerts: a customer's decision has changed to churn.
///
/// Asked of the table, so that every instance knows of every other's predictions: there is an alert when the customer's
/// prediction before this one, by id, was not churn, or when there is none.
extension Publisher {
    /// $1 are predictions, $2 their customers.
    ///
    /// What comes before in the order of customers and ids is the customer's last one, or another customer's. Asked by
    /// customer and id apart, a table without statistics is read backwards by id until the customer comes.
    private static let changed = """
        SELECT asked.id FROM unnest($1::uuid[], $2::text[]) AS asked (id, customer) WHERE ( \
        SELECT p.churn AND p.customer_id = asked.customer COLLATE "C" FROM predictions AS p \
        WHERE (p.customer_id, p.id) < (asked.customer COLLATE "C", asked.id) \
        ORDER BY p.customer_id DESC, p.id DESC LIMIT 1) IS NOT TRUE
        """

    /// Those of the rows that are alerts.
    mutating func alerts(among asked: borrowing AskedRows) throws(PostgresError) -> Set<PredictionID> {
        if asked.isEmpty { return [] }
        let result = try connection!.query(
            Self.changed, columns: asked.columns.span, BinaryParameters(capacity: 16))
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
        var asked = AskedRows()
        for batch in arrived where !tracks[batch.writer]!.isBehind {
            asked.append(batch.rows, after: tracks[batch.writer]!.enqueued)
        }
        do throws(PostgresError) {
            if !asked.isEmpty, try !connect(now) { return fallBehind() }
            let alerts = try alerts(among: asked)
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

/// Predictions of churn of which is to be found out whether they are alerts.
struct AskedRows: ~Copyable {
    fileprivate var columns: InlineArray<2, BinaryArray> = [BinaryArray(.uuid), BinaryArray(.text)]

    var isEmpty: Bool { columns[0].count == 0 }

    /// Appends those of the rows that are behind `id`.
    mutating func append(_ rows: borrowing EventRows, after id: PredictionID) {
        for row in rows.rows where row.churn && row.id > id {
            columns[0].append(uuid: row.id.bits)
            columns[1].append(rows.customer(row))
        }
    }
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
