import Linux
import Postgres

/// Rows that workers hand over, and which of them are alerts.
extension Publisher {
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
            let alerts = try asked.isEmpty ? [] : AlertStatement.alerts(among: asked, &connection!)
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
