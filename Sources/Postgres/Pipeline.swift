import CPostgres

/// A session with PostgreSQL that never waits: statements go out in batches, answers come back as events.
///
/// The owner watches `socket` level-triggered (`PQconsumeInput` reads once a call), always for reading, and for writing
/// while `flush` says so; in pipeline mode a client that only writes can deadlock with the server (libpq manual,
/// "Pipeline Mode"). On readiness: `consume`, then `flush`, then `nextEvent` until it is nil.
///
/// Sending and reading events allocate nothing on Swift's heap, except for the texts of errors.
@safe
package struct Pipeline: ~Copyable, Sendable {
    /// The most Syncs whose results may be outstanding.
    package static let batchesMax = 64

    nonisolated(unsafe) let handle: OpaquePointer
    nonisolated(unsafe) let notices: UnsafeMutablePointer<NoticeRecord>
    var table = ParameterTable()

    /// The numbers of statements of the batches whose Sync was sent, oldest at `firstBatch`.
    var statementCounts = InlineArray<64, Int32>(repeating: 0)
    var firstBatch = 0
    /// How many Syncs were sent and have no result yet.
    package internal(set) var batchesOutstanding = 0
    /// Statements sent since the last Sync.
    package internal(set) var statementsUnsynced = 0

    /// Of the oldest outstanding batch: how many statements succeeded, and the first error.
    var succeeded: Int32 = 0
    var firstError: PostgresError?

    var state = State.open

    enum State {
        case open
        /// A call failed: the session is lost, and `nextEvent` will say so.
        case broken
        /// `lost` was reported.
        case lost
    }

    init(handle: OpaquePointer, notices: UnsafeMutablePointer<NoticeRecord>) {
        unsafe self.handle = unsafe handle
        unsafe self.notices = unsafe notices
    }

    deinit {
        unsafe PQfinish(handle)
        unsafe notices.deallocate()
    }

    /// The file descriptor to watch, or -1 once the connection is lost.
    ///
    /// libpq closes it when it notices the loss: a loop that keeps the number must forget it on `lost`.
    package var socket: CInt { unsafe PQsocket(handle) }

    package var backendPID: Int { unsafe Int(PQbackendPID(handle)) }

    package var isLost: Bool { state == .lost }

    /// Whether everything that was sent has been answered.
    package var isIdle: Bool { batchesOutstanding == 0 && statementsUnsynced == 0 && state == .open }

    /// What another thread may use to cancel the statement in progress.
    package var canceller: Canceller? { unsafe Canceller(of: handle) }

    /// The oldest notice that was not taken yet; the last eight are kept.
    package mutating func takeNotice() -> Notice? { unsafe notices.pointee.take() }
}

extension Pipeline {
    /// Whether libpq still has the socket `number`; it closes it by itself when it notices that the connection is lost.
    package mutating func holds(_ number: CInt) -> Bool { socket == number }

    /// The file descriptor to watch, for an owner that keeps the pipeline in an optional.
    package mutating func watchedSocket() -> CInt { socket }
}
