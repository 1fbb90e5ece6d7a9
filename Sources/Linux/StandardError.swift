import Glibc
import Synchronization

/// Standard error, whose reader may be slow or gone.
package enum StandardError {
    /// One line at a time: between looking for room and writing no other thread may take it.
    private static let turn = Mutex<Void>(())

    /// Writes a line, where it is taken without waiting.
    ///
    /// A pipe that has room at all takes 4,096 bytes (pipe(7), PIPE_BUF); in the middle of a longer line it may wait.
    /// - Returns: false when it was not taken.
    package static func write(_ line: UnsafeRawBufferPointer) -> Bool {
        turn.withLock { _ in
            // The descriptor is shared with whoever started us, so it must not be made non-blocking.
            var descriptor = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
            guard unsafe poll(&descriptor, 1, 0) == 1, descriptor.revents & Int16(POLLOUT) != 0 else { return false }
            return unsafe Glibc.write(STDERR_FILENO, line.baseAddress!, line.count) == line.count
        }
    }
}
