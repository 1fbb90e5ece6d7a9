import Bytes
import Linux
import Logging
import Postgres
import Server

/// The way of one worker's reads: statements go out as requests come, several in one round trip, answers in order.
///
/// Each read is a batch of its own on the pipeline, so that one that fails takes no other with it.
struct ReadQueue: ~Copyable {
    /// Reads that may wait at once; one more is refused.
    static let waitingMax = 48
    /// How long a caller waits.
    static let answerNanoseconds = 2_000_000_000
    /// How long the oldest read may be under way before the connection counts as hung, and is cut.
    static let cutNanoseconds = 3_500_000_000

    /// The connection on which this worker reads.
    enum Reader: Equatable {
        case opening
        case open
    }

    private(set) var reader = Reader.opening
    private var connection = WatchedPipeline(source: EventSource.reader)
    private var needsFlush = false
    /// Oldest first.
    private var waiting: [PendingRead] = []
    /// Why the oldest read fails; its turn ends with its Sync.
    private var error: PostgresError?
    /// Reads that are late, or whose connection was lost: their callers are still to be told.
    var abandoned: [PendingRead] = []

    var isIdle: Bool { waiting.isEmpty }

    var waitingCount: Int { waiting.count }

    /// Whether another read may be asked.
    var takesMore: Bool { reader == .open && waiting.count < Self.waitingMax }

    // MARK: Asking

    /// Asks for what `read` wants; the answer comes from `next`.
    mutating func ask(_ read: PendingRead) {
        precondition(takesMore, "a read was asked of a queue that takes none")
        let statement = read.job.statement
        connection.send(sql: statement.sql, statement.parameters)
        connection.sync()
        waiting.append(read)
        needsFlush = true
    }

    /// Sends what was asked in this wake.
    mutating func finishWake(_ loop: inout Loop) {
        guard needsFlush, reader == .open else { return }
        needsFlush = false
        connection.flush(&loop)
    }

    // MARK: Answers

    /// Takes what the socket has.
    mutating func consume(_ loop: inout Loop) {
        guard reader == .open else { return }
        connection.consume(&loop)
    }

    /// What became of a read.
    enum Outcome: ~Copyable {
        case rows(PendingRead, QueryResult)
        case failed(PendingRead, PostgresError)
    }

    /// The next read that has an answer; nil when there is none yet.
    mutating func next(_ loop: inout Loop, _ office: Office) -> Outcome? {
        while reader == .open, let event = connection.nextEvent() {
            switch consume event {
            case .rows(let result): if !waiting[0].isAbandoned { return .rows(waiting[0], result) }
            case .failed(let failure): error = failure
            case .synced:
                let done = waiting.removeFirst()
                if let failure = error {
                    error = nil
                    if !done.isAbandoned { return .failed(done, failure) }
                }
            case .lost: close(&loop, office)
            case .completed: break
            case .skipped: break
            }
        }
        return nil
    }

    // MARK: Connection

    mutating func adopt(_ pipeline: consuming Pipeline, _ loop: inout Loop) {
        connection.open(pipeline, &loop)
        reader = .open
    }

    /// Ends the connection and asks for the next one.
    ///
    /// What waits stays in `abandoned`.
    mutating func close(_ loop: inout Loop, _ office: Office) {
        guard reader == .open else { return }
        connection.close(&loop)
        needsFlush = false
        error = nil
        reader = .opening
        abandoned.append(contentsOf: waiting.filter { !$0.isAbandoned })
        waiting.removeAll()
        office.keeper.post(.readerWanted(worker: office.worker))
    }

    /// Gives up reads that are late, and cuts a connection that does not answer.
    mutating func tick(_ loop: inout Loop, _ office: Office) {
        for index in waiting.indices
        where !waiting[index].isAbandoned && loop.now - waiting[index].askedAt > Self.answerNanoseconds {
            waiting[index].isAbandoned = true
            abandoned.append(waiting[index])
        }
        guard let oldest = waiting.first, loop.now - oldest.askedAt > Self.cutNanoseconds else { return }
        office.log.error("PostgreSQL did not answer a read in time: its connection is cut", metadata: oldest.metadata)
        close(&loop, office)
    }
}
