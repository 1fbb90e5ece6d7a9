import Linux
import Postgres

/// What the keeper tells a worker.
enum WorkerMessage: Sendable {
    /// A connection for storing rows, and the writer that it is.
    case writer(Handoff<Pipeline>, Int32)
    /// A connection for reading.
    case reader(Handoff<Pipeline>)
    /// PostgreSQL does not take connections.
    case away
    /// Score with this model from now on.
    case model(ServingModel)
    /// Let in who has one of these keys from now on.
    case keys(KeySet)
    /// Make this prediction, once; for the clerk.
    case named(NamedRequest)
    /// The clerk has answered.
    case namedAnswer(NamedAnswer)
    /// A batch of unknown outcome is settled: for each of its requests, whether its rows are stored.
    case resolved(place: Int, stored: [Bool])
    /// Answer what has come, accept nobody new, end at this monotonic time at the latest.
    case drain(deadline: Int)
}

/// What a worker asks of the keeper.
enum KeeperMessage: Sendable {
    case writerWanted(worker: Int)
    case readerWanted(worker: Int)
    /// Nobody knows whether these rows were committed: find out, and store those that were not.
    case unknown(UnknownBatch)
    case stop
}

/// The rows of a batch whose connection was lost between the Sync and its result.
struct UnknownBatch: Sendable {
    let worker: Int
    /// The batch's place in the pool of its worker.
    let place: Int
    /// The writer that sent them; its lock is free once its backend is gone.
    let writer: Int32
    /// The rows of each request, which stand or fall together.
    let requests: [Range<Int>]
    /// The id of its first row.
    let first: PredictionID
    let rows: UnknownRows
}

/// The rows of an unknown batch: they wait in the keeper and may be sent more than once.
final class UnknownRows: Sendable {
    let columns: PredictionColumns

    init(_ columns: consuming PredictionColumns) { self.columns = columns }
}
