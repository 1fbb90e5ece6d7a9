/// What is known of one writer's rows on their way to Kafka.
///
/// The mark is contiguous: every row of the writer up to it has been acknowledged, whatever order the brokers
/// acknowledge in.
package final class WriterTrack {
    /// Where the writer's rows come from.
    package enum Source: Equatable {
        /// The worker with this number hands them over as they are committed.
        case worker(Int)
        /// The worker lost its connection; what it had not handed over yet may or may not be in the table.
        case lost
        /// The writer is dead: its rows are read from the table, and this process holds the lock for that.
        case table(resent: Int)
    }

    package let writer: Int32
    package var source: Source
    /// Every row up to this one has been acknowledged.
    package private(set) var mark: PredictionID
    /// The mark that the table is known to have.
    package var storedMark: PredictionID
    /// The last row that was given to Kafka.
    package private(set) var enqueued: PredictionID
    /// The last row that was ever given to Kafka, also before a new start.
    package private(set) var furthest: PredictionID
    /// Whether rows are to be read from the table, because they are not in memory.
    package private(set) var isBehind: Bool
    /// While it is behind: every row up to this one has been read.
    package private(set) var examined: PredictionID
    /// The last row that its worker has told of.
    private var told: PredictionID
    /// Rows that are committed and not acknowledged, as far as they were counted.
    ///
    /// Negative where a dead writer left more than is counted.
    package var pendingRows = 0

    private var awaited = AwaitedRows()

    package init(_ writer: Int32, _ source: Source, mark: PredictionID) {
        self.writer = writer
        self.source = source
        self.mark = mark
        storedMark = mark
        enqueued = mark
        furthest = mark
        examined = mark
        told = mark
        isBehind = source != .lost && !source.isWorker
    }

    /// Whether nothing that was given to Kafka waits for its acknowledgement.
    package var isQuiet: Bool { awaited.isEmpty }

    // MARK: Giving rows to Kafka

    /// Counts a row as given to Kafka.
    ///
    /// - Parameter messages: how many messages it takes.
    package func enqueue(_ id: PredictionID, messages: Int) {
        awaited.append(id, messages: messages)
        enqueued = id
        if id > furthest { furthest = id }
    }

    /// The number by which `acknowledge` will know the next row.
    package var nextNumber: UInt32 { awaited.nextNumber }

    /// One message of a row has been acknowledged.
    ///
    /// - Returns: by how many rows the mark has moved.
    package func acknowledge(_ number: UInt32) -> Int {
        guard let done = awaited.acknowledge(number) else { return 0 }
        mark = done.last
        pendingRows -= done.count
        return done.count
    }

    /// The row behind a number; nil for one from before a new start.
    func id(of number: UInt32) -> PredictionID? { awaited.id(of: number) }

    // MARK: Reading the table

    /// From now on rows come from the table, after those that Kafka was given.
    package func fallBehind() {
        if isBehind { return }
        isBehind = true
        examined = enqueued
    }

    /// Forgets what is under way: everything after the mark will be read and sent again.
    package func startOver() {
        awaited.removeAll()
        enqueued = mark
        examined = mark
        isBehind = true
    }

    /// Its worker has told of every row up to this one.
    package func tell(upTo id: PredictionID) { if id > told { told = id } }

    /// Whether a row of the table may be sent.
    ///
    /// Not before its worker has told of it: one before it may have been committed behind what was read (ids of several writers
    /// are not committed in their order), and while nobody has told of that, it would be passed over.
    package func isKnown(_ id: PredictionID) -> Bool { !source.isWorker || id <= told }

    /// Rows from `first` on have been committed, which were not yet when rows behind them were read: they are still to
    /// be read, but for those that Kafka was given.
    package func rewind(before first: PredictionID) {
        if first <= examined { examined = max(first.predecessor, enqueued) }
    }

    /// Everything behind what Kafka was given is to be read, whatever was read before.
    package func readAgain() {
        isBehind = true
        examined = enqueued
    }

    /// Every row up to `id` has been read.
    package func examine(upTo id: PredictionID) { if id > examined { examined = id } }

    /// The table has no more rows than those that were read.
    package func catchUp() { isBehind = false }

    /// The mark of the table, where that is further on than ours.
    package func adopt(mark stored: PredictionID) {
        storedMark = stored
        guard isQuiet, stored > mark else { return }
        mark = stored
        enqueued = max(enqueued, stored)
        furthest = max(furthest, stored)
        examined = max(examined, stored)
    }
}

extension WriterTrack.Source {
    /// Whether a worker of this process hands the rows over.
    package var isWorker: Bool { if case .worker = self { true } else { false } }
}
