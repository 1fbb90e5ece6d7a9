import Bytes
import Linux
import Postgres
import Server

/// The way of one worker's rows into PostgreSQL: natural group commit.
///
/// While one batch commits, the next one fills; there is no timer. Each batch is one prepared INSERT and one Sync, so it is
/// one transaction, and an answer leaves only after the result of that Sync. What the queue decides is written here;
/// what happens when a commit fails is in `WriteQueue+Outcome.swift`, what happens with time in `WriteQueue+Deadlines.swift`.
struct WriteQueue: ~Copyable {
    /// Full batches that may wait behind the one in flight.
    static let queuedMax = 8
    /// Requests that may wait behind the batch in flight: two batches of requests for one prediction each.
    ///
    /// Batches of a few requests with a thousand instances each are bounded by their number.
    static let waitingRequestsMax = 2 * Batch.rowsMax
    /// Batches of unknown outcome that may be with the keeper at once; each keeps its memory until it is resolved.
    static let unknownMax = 6

    /// The connection on which this worker stores its rows.
    enum Writer: Equatable {
        /// There is none; the keeper is making one. Requests wait, for as long as their deadline allows.
        case opening
        /// There is none, and PostgreSQL is known to be away. Requests are refused at once.
        case away
        /// Connected as this writer.
        case open(Int32)
    }

    /// The batch whose Sync has been sent.
    struct Flight {
        let place: Int
        /// The replies whose rows were sent; all of the batch, unless a row was refused and the batch was cut.
        var replies: Range<Int>
        /// Cuts that wait their turn, in order, last first.
        var rest: [Range<Int>] = []
        /// How often these rows were sent.
        var attempts = 1
        var sentAt = 0
        var rows = 0
        var rowsCommitted = -1
        /// Whether the mark of the writer went with it, and how many rows that changed.
        var hasMark = false
        var marksCommitted = -1
    }

    var pool = BatchPool(capacity: 2 + WriteQueue.queuedMax + WriteQueue.unknownMax)
    /// The batch that takes the next request; nil when none is free.
    var filling: Int?
    var queued: [Int] = []
    var flight: Flight?
    /// Batches that are with the keeper, with the writer that sent them.
    var unknown: [Int] = []
    var admission = Admission()
    var writer = Writer.opening
    var connection = WatchedPipeline(source: EventSource.writer)
    var scalars = BinaryParameters()
    /// What the row of the writer says.
    var mark = MarkKeeping()
    /// The rows of a cut, copied out of their batch.
    var cut = PredictionColumns()
    /// For answers that are not the ones rendered beforehand.
    var refusal = ByteBuffer(capacity: 1024)

    init() {
        filling = pool.take()
        queued.reserveCapacity(Self.queuedMax)
        unknown.reserveCapacity(Self.unknownMax)
    }

    // MARK: Taking requests

    /// Whether nobody waits for a commit.
    ///
    /// Batches of unknown outcome whose callers have been told so count as done.
    var isIdle: Bool {
        guard flight == nil, queued.isEmpty else { return false }
        for place in unknown where !pool[place].replies.allSatisfy(\.isAnswered) { return false }
        return filling.map { pool[$0].replies.isEmpty } ?? true
    }

    /// The batch for the next request; nil when the queue is full, or has stood too long.
    mutating func place(now: Int) -> Int? {
        if let filling, !pool[filling].isFull { return filling }
        if let full = filling {
            guard hasRoomBehind(now) else { return nil }
            queued.append(full)
        }
        filling = pool.take()
        return filling
    }

    /// Whether a request that came now would be refused.
    ///
    /// Mutating in name only: Swift 6.3.1 gives a method that only reads a copy of all this.
    mutating func isFull(now: Int) -> Bool {
        guard let filling else { return !pool.hasFree }
        return pool[filling].isFull && !hasRoomBehind(now)
    }

    /// Whether more comes than PostgreSQL stores, and it is at work: what comes meanwhile leaves no sooner for being seen at once.
    mutating func isSaturated(now: Int) -> Bool { flight != nil && admission.isOverloaded(now: now) }

    /// Whether another batch may wait behind the one that is full.
    private mutating func hasRoomBehind(_ now: Int) -> Bool {
        guard queued.count < (admission.isOverloaded(now: now) ? 0 : Self.queuedMax) else { return false }
        var requests = filling.map { pool[$0].replies.count } ?? 0
        for place in queued { requests += pool[place].replies.count }
        return requests < Self.waitingRequestsMax
    }

    /// Rows that wait to be committed.
    var waitingRows: Int {
        var rows = filling.map { pool[$0].columns.count } ?? 0
        for place in queued { rows += pool[place].columns.count }
        for place in unknown { rows += pool[place].columns.count }
        return rows + (flight.map { pool[$0.place].columns.count } ?? 0)
    }

    // MARK: Sending

    /// Sends the next batch if none is in flight.
    mutating func send(_ loop: inout Loop, _ office: Office) {
        guard flight == nil, case .open = writer, let next = takeNext() else { return }
        let replies = 0..<pool[next].replies.count
        admission.batchLeft(isFull: pool[next].isFull, now: loop.now)
        transmit(Flight(place: next, replies: replies), &loop, office)
    }

    private mutating func takeNext() -> Int? {
        if !queued.isEmpty { return queued.removeFirst() }
        guard let full = filling, !pool[full].replies.isEmpty, pool.hasFree else { return nil }
        filling = pool.take()
        return full
    }

    /// Sends the rows of the replies of `flight` as one transaction; without rows, the mark alone.
    mutating func transmit(_ next: Flight, _ loop: inout Loop, _ office: Office) {
        guard case .open(let id) = writer else { return }
        var next = next
        // A turn may have gone on for longer than a commit takes.
        next.sentAt = Clock.monotonicNanoseconds()
        next.rowsCommitted = -1
        scalars.removeAll()
        scalars.append(integer: id)
        let rows = pool[next.place].rows(of: next.replies)
        next.rows = rows.count
        if rows.count == pool[next.place].columns.count {
            if !rows.isEmpty { sendBatch(next.place) }
        } else {
            sendCut(rows, of: next.place)
        }
        let first = rows.isEmpty ? nil : pool[next.place].replies[next.replies.lowerBound].firstID
        next.hasMark = sendMark(first, id, loop.now, office)
        next.marksCommitted = -1
        connection.sync()
        flight = next
        connection.flush(&loop)
    }

    /// Lets the mark of the writer ride along, when it is time.
    private mutating func sendMark(_ first: PredictionID?, _ writer: Int32, _ now: Int, _ office: Office) -> Bool {
        guard let mark = mark.next(first, office.desk, writer, now: now) else { return false }
        scalars.append(uuid: mark.bits)
        connection.send(MarkKeeping.name, scalars)
        return true
    }

    /// Sends the mark alone, when no batch has come to take it along.
    mutating func sendMarkIfDue(_ loop: inout Loop, _ office: Office) {
        guard flight == nil, case .open(let id) = writer, let desk = office.desk,
            mark.isDue(desk, id, now: loop.now), let place = pool.take()
        else { return }
        transmit(Flight(place: place, replies: 0..<0), &loop, office)
    }

    /// Sends all rows of a batch.
    ///
    /// Out of line, like `sendCut`: with both in one function the optimiser of Swift 6.3.1 crashes (CopyPropagation).
    @inline(never)
    private mutating func sendBatch(_ place: Int) {
        connection.send(PredictionInsert.name, columns: pool[place].columns.arrays.span, scalars)
    }

    /// Sends some rows of a batch.
    @inline(never)
    private mutating func sendCut(_ rows: Range<Int>, of place: Int) {
        cut.removeAll()
        cut.append(rows, of: pool[place].columns)
        connection.send(PredictionInsert.name, columns: cut.arrays.span, scalars)
    }
}
