import CPostgres

/// A session with PostgreSQL whose calls wait for their answer: for commands and for the keeper thread.
///
/// One thread at a time may use a connection (libpq manual, "Behavior in Threaded Programs"). There is only one owner,
/// and every call that touches the session is `mutating`, so the compiler sees to that; therefore it may be handed from
/// thread to thread.
@safe
package struct Connection: ~Copyable, Sendable {
    nonisolated(unsafe) let handle: OpaquePointer
    nonisolated(unsafe) let notices: UnsafeMutablePointer<NoticeRecord>

    /// How long one call may wait for the server; nil waits for as long as it takes.
    ///
    /// After `PostgresError.Kind.timedOut` the connection is of no more use.
    package var patienceMilliseconds: Int?

    /// Connects and waits until the server is ready or `connect_timeout` (5 s if the string does not say) has passed.
    ///
    /// Nothing is set in the session yet: `Connection(_:as:)` does that too.
    /// - Parameter conninfo: a connection string or URI as libpq reads them. What it leaves open comes from libpq's
    ///   environment variables.
    package init(connecting conninfo: String, applicationName: String = "churn") throws(PostgresError) {
        let handle = unsafe try Self.connect(conninfo, applicationName)
        unsafe self.handle = unsafe handle
        unsafe notices = unsafe NoticeRecord.attach(to: handle)
    }

    init(handle: OpaquePointer, notices: UnsafeMutablePointer<NoticeRecord>) {
        unsafe self.handle = unsafe handle
        unsafe self.notices = unsafe notices
    }

    /// Says good-bye to the server, if it is still there, and frees the session.
    deinit {
        unsafe PQfinish(handle)
        // Only now: PQfinish itself may still report notices.
        unsafe notices.deallocate()
    }

    /// The process of the server that serves this session, as it said when the session began.
    package var backendPID: Int { unsafe Int(PQbackendPID(handle)) }

    /// The file descriptor to wait on, or -1 when the connection is lost.
    package var socket: CInt { unsafe PQsocket(handle) }

    /// The same, for an owner that keeps the connection in an optional.
    package mutating func watchedSocket() -> CInt { socket }

    /// The version of the server: 150020 is 15.20.
    package var serverVersion: Int { unsafe Int(PQserverVersion(handle)) }

    /// Whether nothing is known against the connection; only an answer proves that it lives.
    package var isOpen: Bool { unsafe PQstatus(handle) == CONNECTION_OK }

    /// The oldest notice that was not taken yet; the last eight are kept.
    package mutating func takeNotice() -> Notice? { unsafe notices.pointee.take() }

    /// Makes the connection non-blocking and enters pipeline mode.
    ///
    /// The session must be outside of a transaction. Statements must have been prepared before.
    package consuming func intoPipeline() throws(PostgresError) -> Pipeline {
        guard unsafe PQsetnonblocking(handle, 1) == 0, unsafe PQenterPipelineMode(handle) == 1 else {
            _ = consume self
            throw PostgresError.connectionLost
        }
        let (handle, notices) = unsafe relinquish()
        return unsafe Pipeline(handle: handle, notices: notices)
    }

    /// Gives the session away: whoever has it now ends it.
    consuming func relinquish() -> (OpaquePointer, UnsafeMutablePointer<NoticeRecord>) {
        let parts = unsafe (handle, notices)
        discard self
        return unsafe parts
    }
}
