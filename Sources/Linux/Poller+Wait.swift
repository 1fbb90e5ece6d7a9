import Glibc

/// Waiting for a descriptor or two without an epoll instance: for code that owns its thread.
extension Poller {
    /// Waits until `number` is ready or has failed (poll(2)).
    ///
    /// - Parameter timeoutMilliseconds: -1 waits for ever. An interrupted wait starts again with what is left.
    /// - Returns: false when the time is over.
    package static func wait(
        for number: CInt, _ interest: Interest, timeoutMilliseconds: Int
    ) throws(SystemError) -> Bool {
        let wanted = (interest.contains(.readable) ? POLLIN : 0) | (interest.contains(.writable) ? POLLOUT : 0)
        let deadline = Clock.monotonicNanoseconds() + timeoutMilliseconds * 1_000_000
        var rest = timeoutMilliseconds
        while true {
            var entry = pollfd(fd: number, events: Int16(wanted), revents: 0)
            let count = unsafe poll(&entry, 1, CInt(rest))
            if count > 0 { return true }
            if count == 0 { return false }
            if errno != EINTR { throw SystemError(code: errno, call: "poll") }
            if rest > 0 { rest = max(0, (deadline - Clock.monotonicNanoseconds()) / 1_000_000) }
        }
    }

    /// Waits until one of two descriptors has something to read or has failed; an interrupted wait may end early.
    ///
    /// - Parameter second: -1 for none, which poll(2) passes over.
    package static func wait(forEither first: CInt, _ second: CInt, timeoutMilliseconds: Int) {
        var entries = [first, second].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = unsafe poll(&entries, 2, CInt(timeoutMilliseconds))
    }
}
