import Kafka
import Linux
import Logging
import Postgres

/// The thread that brings committed predictions to Kafka, each at least once, whatever dies in between.
///
/// The row is the outbox. While all goes well, events come from the workers and the table is not read. Whenever they
/// cannot be taken (no broker, a full queue, an error), they are forgotten and read from the table later, from the mark of
/// their writer on: so nothing is ever kept that the table does not have, and memory stays flat.
///
/// What it does with rows is in `+Sending`, with reports in `+Reports`, with the table in `+Table`, with writers in `+Writers`, and
/// when a prediction is also an alert in `+Alerts`.
struct Publisher: ~Copyable {
    /// Messages that Kafka may have at a time without having acknowledged them.
    static let windowMax = 16_384
    /// The least time from one pass to the next.
    ///
    /// A pass costs the same for one row as for many: waking up, asking the table for alerts, waking librdkafka.
    private static let passNanoseconds = 20_000_000
    /// The same while `busyRows` and more come in one: each partition gets one request a pass, however much is in it.
    private static let busyPassNanoseconds = 50_000_000
    private static let busyRows = 500
    /// The same while the table is read: what Kafka has would be acknowledged before more is given to it.
    private static let readingPassNanoseconds = 2_000_000
    /// The same while no broker answers: enough to notice that one does.
    static let windowWhileAway = 256

    let conninfo: String
    let mailbox: Mailbox<PublisherMessage>
    /// One for each worker.
    let desks: [PublishingDesk]
    let settings: KafkaSettings
    let service: ServiceState
    let state: PublishingState
    let log: Logger

    /// Messages that Kafka may have at a time; less than `windowMax` after librdkafka has refused more.
    var window = Publisher.windowMax
    /// Nil while one is to be made.
    var producer: EventProducer?
    /// Messages that Kafka was given and has not reported on.
    var underWay = 0
    var tracks: [Int32: WriterTrack] = [:]
    var reports: [DeliveryReport] = []
    /// What the workers handed over and has not been looked at.
    var arrived: [CommittedRows] = []
    /// How many rows these were in this pass.
    private var arrivedRows = 0
    /// Writers whose mark has moved since their workers were told.
    var moved: Set<Int32> = []
    /// The rows of a writer that are sent one by one, because one among them was refused.
    var careful: CarefulStretch?
    /// The row that is under way alone.
    var alone = EventRows()
    /// After an error nothing is given to Kafka until then, in monotonic nanoseconds.
    var retryAt = 0
    var backoff = Backoff()
    var hasFailed = false
    /// Whether it was said that Kafka is not trusted, or does not trust us, since it answered last.
    var hasSaidMistrust = false

    /// The publisher's own connection: it holds the locks of dead writers, and reads the table.
    var connection: Connection?
    var isConnected = false
    /// What PostgreSQL held against it last, while that goes on.
    var trouble: String?
    var stored = StoredEvents()
    var ahead = ReadAhead()
    var decisions = DecisionsBefore()
    var live = LiveDecisions()
    var nextConnect = 0
    var nextSearch = 0
    var nextStore = 0
    var nextPrune = 0
    var nextLag = 0

    /// When it is to end, once it is told.
    private var deadline: Int?

    init(
        conninfo: String, mailbox: Mailbox<PublisherMessage>, desks: [PublishingDesk], settings: KafkaSettings,
        producer: consuming EventProducer, service: ServiceState, state: PublishingState, log: Logger
    ) {
        self.conninfo = conninfo
        self.mailbox = mailbox
        self.desks = desks
        self.settings = settings
        self.producer = consume producer
        self.service = service
        self.state = state
        self.log = log
    }

    /// Works until it is told to stop, and has delivered what is under way or is out of time.
    mutating func run() {
        producer!.wake(mailbox.number)
        while true {
            for message in mailbox.take() { handle(message) }
            let now = Clock.monotonicNanoseconds()
            sendArrived(now)
            takeReports(now)
            if let deadline, now >= deadline || underWay == 0 { break }
            let isBusy = work(now)
            wait(isBusy: isBusy, since: now)
            arrivedRows = 0
        }
        finish()
    }

    // MARK: Messages

    private mutating func handle(_ message: PublisherMessage) {
        switch message {
        case .committed(let worker, let batch):
            desks[worker].taken(bytes: batch.rows.bytes)
            guard let ids = batch.rows.ids else { return }
            begin(batch.writer, worker, ids, count: batch.rows.count)
            arrived.append(batch)
            arrivedRows += batch.rows.count
        case .skipped(let worker, let writer, let ids, let count):
            begin(writer, worker, ids, count: count)
            tracks[writer]!.fallBehind()
        case .lost(let writer): tracks[writer]?.source = .lost
        case .stop(let deadline): self.deadline = deadline
        }
    }

    /// Counts rows of a writer, whose first ones make its track.
    private mutating func begin(_ writer: Int32, _ worker: Int, _ ids: ClosedRange<PredictionID>, count: Int) {
        let first = ids.lowerBound
        if tracks[writer] == nil {
            tracks[writer] = WriterTrack(writer, .worker(worker), mark: first.predecessor)
        }
        tracks[writer]!.tell(upTo: ids.upperBound)
        tracks[writer]!.pendingRows += count
        guard tracks[writer]!.isBehind else { return }
        tracks[writer]!.rewind(before: first)
        ahead.committed(from: first)
    }

    // MARK: Work

    /// - Returns: whether there is more to do at once.
    private mutating func work(_ now: Int) -> Bool {
        if hasFailed { restart(now) }
        tellWorkers()
        var isBusy = false
        do throws(PostgresError) {
            if try connect(now) {
                try searchForDeadWriters(now)
                if deadline == nil { isBusy = try readTable(now) }
                try storeMarks(now)
                try prune(now)
                trouble = nil
            }
        } catch {
            disconnect(error, now)
        }
        reportLag(now)
        return isBusy
    }

    private func wait(isBusy: Bool, since start: Int) {
        if isBusy { return }
        let usual = arrivedRows < Self.busyRows ? Self.passNanoseconds : Self.busyPassNanoseconds
        let pass = ahead.isOpen && !state.isAway ? Self.readingPassNanoseconds : usual
        let rest = start + pass - Clock.monotonicNanoseconds()
        if rest > 0, deadline == nil, careful == nil { Thread.sleep(milliseconds: rest / 1_000_000) }
        // Reports wake it; the rest is a matter of tenths of a second.
        _ = try? Poller.wait(for: mailbox.number, .readable, timeoutMilliseconds: deadline == nil ? 100 : 10)
    }

    /// Lets each worker know how far its writer is acknowledged.
    private mutating func tellWorkers() {
        for writer in moved {
            guard let track = tracks[writer], case .worker(let worker) = track.source else { continue }
            desks[worker].acknowledge(track.mark, writer: writer)
        }
        moved.removeAll(keepingCapacity: true)
    }

    private mutating func reportLag(_ now: Int) {
        guard now >= nextLag else { return }
        nextLag = now + 100_000_000
        let pending = tracks.values.filter { $0.pendingRows > 0 }
        let oldest = pending.map(\.mark.microseconds).min() ?? 0
        state.setLag(rows: pending.reduce(0) { $0 + $1.pendingRows }, oldest: oldest)
    }
}

/// Rows that are sent one by one, until the one that Kafka refuses has been found.
struct CarefulStretch {
    let writer: Int32
    let until: PredictionID
}

/// How long to wait before the next attempt: one second, then twice as long each time, half a minute at most.
struct Backoff {
    private static let first = 1_000_000_000
    private static let longest = 30_000_000_000

    private var next = Backoff.first

    mutating func pause() -> Int {
        defer { next = min(next * 2, Self.longest) }
        return next
    }

    mutating func reset() { next = Self.first }
}
