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
        show()
        do throws(PostgresError) {
            var alerts: Set<PredictionID> = []
            if live.hasQuestions {
                guard try connect(now) else { return fallBehind() }
                alerts = try live.takeAlerts(own: ownWriters, now: now, &connection!)
            }
            for batch in arrived where !tracks[batch.writer]!.isBehind {
                send(batch.rows, of: batch.writer, alerts)
            }
        } catch {
            disconnect(error, now)
            fallBehind()
        }
    }

    /// Shows the rows that are about to be sent to those who know what was decided before.
    private mutating func show() {
        if tracks.values.contains(where: { $0.isBehind || !$0.source.isWorker }) { live.forget() }
        for batch in arrived {
            let track = tracks[batch.writer]!
            if !track.isBehind { live.show(batch.rows, after: track.enqueued) }
        }
    }

    private var ownWriters: [Int32] { tracks.values.filter(\.source.isWorker).map(\.writer) }

    private mutating func fallBehind() {
        live.dropQuestions()
        live.forget()
        for batch in arrived { tracks[batch.writer]?.fallBehind() }
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
