import Bytes

/// Rows on their way to PostgreSQL, and the answers that wait for them.
///
/// Lives in a pool and is filled again and again; its memory grows to the size of the largest batch.
struct Batch: ~Copyable {
    /// A batch takes requests while it is below both; the last one may carry it past them, by 1,000 rows and one body at most.
    static let rowsMax = 1024
    static let bytesMax = 1 << 20

    /// How far a batch was filled, to go back to when a request turns out to be faulty.
    struct Mark {
        let rows: PredictionColumns.Mark
        let answers: Int
        let events: EventRows.Mark
    }

    /// What the metrics count once a row is stored.
    struct Scored {
        let probability: Double
        /// Of the model, see `ModelSlots`.
        let slot: Int32
        /// Inputs with a level that training never saw.
        let unseen: Int16
        let churn: Bool
    }

    var columns = PredictionColumns()
    /// One for each row.
    var scored: [Scored] = []
    var answers = ByteBuffer(capacity: 4096)
    /// The rows as events, where they are published: one for each row.
    var events = EventRows()
    var keepsEvents = false
    var replies: [Reply] = []
    /// The first reply whose outcome is unknown, while the batch is with the keeper.
    var firstUnknown = 0

    var mark: Mark { Mark(rows: columns.mark, answers: answers.count, events: events.mark) }

    /// The rows of some of its replies.
    func rows(of replies: Range<Int>) -> Range<Int> {
        if replies.isEmpty { return 0..<0 }
        return self.replies[replies.lowerBound].rows.lowerBound..<self.replies[replies.upperBound - 1].rows.upperBound
    }

    /// Inlined for the same reason as `PredictionColumns.bytes` is kept.
    @inline(__always)
    var isFull: Bool { columns.count >= Self.rowsMax || columns.bytes >= Self.bytesMax }

    mutating func rollBack(to mark: Mark) {
        scored.removeLast(columns.count - mark.rows.rows)
        columns.rollBack(to: mark.rows)
        answers.truncate(to: mark.answers)
        events.rollBack(to: mark.events)
    }

    /// Takes out the events of some rows; of all of them without a copy.
    mutating func takeEvents(_ rows: Range<Int>) -> EventRows {
        if rows.count < events.count { return EventRows(rows, of: events) }
        var taken = EventRows(capacity: events.bytes)
        swap(&taken, &events)
        return taken
    }

    /// Takes out the first replies with their rows.
    mutating func removeFirst(_ count: Int) {
        let gone = rows(of: 0..<count).upperBound
        var kept = PredictionColumns()
        kept.append(gone..<columns.count, of: columns)
        columns = kept
        scored.removeFirst(gone)
        if keepsEvents { events.removeFirst(gone) }
        replies.removeFirst(count)
        for index in replies.indices { replies[index].moveRows(by: -gone) }
    }

    mutating func removeAll() {
        columns.removeAll()
        scored.removeAll(keepingCapacity: true)
        answers.removeAll()
        events.removeAll()
        replies.removeAll(keepingCapacity: true)
    }
}

/// The batches of one worker: a fixed number, named by their place.
@safe
struct BatchPool: ~Copyable {
    /// One in flight, one that fills, one behind.
    private static let warmMax = 3

    private let batches: UnsafeMutablePointer<Batch>
    private var free: FreePlaces
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        unsafe batches = .allocate(capacity: capacity)
        for place in 0..<capacity { unsafe (batches + place).initialize(to: Batch()) }
        free = FreePlaces(count: capacity, warmMax: Self.warmMax)
    }

    deinit {
        unsafe batches.deinitialize(count: capacity)
        unsafe batches.deallocate()
    }

    subscript(place: Int) -> Batch {
        @inline(__always) _read {
            precondition(place >= 0 && place < capacity, "batch \(place) of \(capacity)")
            yield unsafe batches[place]
        }
        @inline(__always) _modify {
            precondition(place >= 0 && place < capacity, "batch \(place) of \(capacity)")
            yield unsafe &batches[place]
        }
    }

    var hasFree: Bool { !free.isEmpty }

    /// Whether the batches keep the events of their rows.
    mutating func keepEvents(_ keeps: Bool) { for place in 0..<capacity { self[place].keepsEvents = keeps } }

    /// An empty batch; nil when all are in use.
    mutating func take() -> Int? { free.take() }

    /// Gives a batch back, emptied.
    mutating func giveBack(_ place: Int) {
        if free.giveBack(place) { return self[place].removeAll() }
        let keepsEvents = self[place].keepsEvents
        self[place] = Batch()
        self[place].keepsEvents = keepsEvents
    }
}
