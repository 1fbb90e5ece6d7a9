import CPostgres

/// Asks the server to cancel what a connection is waiting for.
///
/// "PQcancel can safely be invoked from a signal handler … is thread-safe … the PGcancel object is read-only as far as
/// PQcancel is concerned" (libpq manual, "Canceling Queries in Progress").
@safe
package final class Canceller: Sendable {
    private nonisolated(unsafe) let handle: OpaquePointer

    init?(of connection: OpaquePointer) {
        guard let handle = unsafe PQgetCancel(connection) else { return nil }
        unsafe self.handle = unsafe handle
    }

    deinit { unsafe PQfreeCancel(handle) }

    /// Sends the request over a connection of its own, which blocks until the server took it.
    ///
    /// - Returns: whether it was sent; the statement may have ended before.
    @discardableResult
    package func cancel() -> Bool {
        var text = InlineArray<256, CChar>(repeating: 0)
        var span = text.mutableSpan
        return unsafe span.withUnsafeMutableBufferPointer { unsafe PQcancel(handle, $0.baseAddress, 256) } == 1
    }
}

extension Connection {
    /// What another thread may use to cancel a statement of this connection.
    package var canceller: Canceller? { unsafe Canceller(of: handle) }
}
