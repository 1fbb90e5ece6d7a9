import Linux
import Synchronization

/// Where a worker and the publisher meet: committed rows go one way, the mark comes back the other.
///
/// Neither ever waits for the other. What the publisher does not take in time is not kept: it reads the table instead.
final class PublishingDesk: Sendable {
    /// Events that may wait for the publisher, in bytes.
    static let bytesMax = 4 << 20

    private let worker: Int
    private let mailbox: Mailbox<PublisherMessage>
    private let waiting = Atomic(0)
    private let mark = Mutex<(writer: Int32, id: PredictionID)?>(nil)

    init(worker: Int, _ mailbox: Mailbox<PublisherMessage>) {
        self.worker = worker
        self.mailbox = mailbox
    }

    // MARK: For the worker

    /// These rows of a writer have been committed.
    func committed(_ rows: consuming EventRows, writer: Int32) {
        guard let ids = rows.ids else { return }
        let bytes = rows.bytes
        guard waiting.load(ordering: .relaxed) + bytes <= Self.bytesMax else {
            return mailbox.post(.skipped(worker: worker, writer: writer, ids: ids, count: rows.count))
        }
        waiting.wrappingAdd(bytes, ordering: .relaxed)
        mailbox.post(.committed(worker: worker, CommittedRows(rows, writer: writer)))
    }

    /// The connection of a writer is lost.
    func lost(writer: Int32) { mailbox.post(.lost(writer: writer)) }

    /// The last row of the writer up to which Kafka has acknowledged all; nil when that is not known at this moment.
    func acknowledged(writer: Int32) -> PredictionID? {
        let known = mark.withLockIfAvailable { $0 } ?? nil
        return known?.writer == writer ? known?.id : nil
    }

    // MARK: For the publisher

    /// Events have been taken from the mailbox.
    func taken(bytes: Int) { waiting.wrappingSubtract(bytes, ordering: .relaxed) }

    func acknowledge(_ id: PredictionID, writer: Int32) { mark.withLock { $0 = (writer, id) } }
}

/// What the publisher is told.
enum PublisherMessage: Sendable {
    /// Rows that are committed, with their events.
    case committed(worker: Int, CommittedRows)
    /// Rows that are committed, too many to keep: they are in the table.
    case skipped(worker: Int, writer: Int32, ids: ClosedRange<PredictionID>, count: Int)
    /// The worker has gone on with another connection.
    case lost(writer: Int32)
    /// Deliver what is under way, store the marks, end by this monotonic time.
    case stop(deadline: Int)
}
