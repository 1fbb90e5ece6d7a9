import Glibc

/// The calls on a connected socket.
///
/// They take the number, not the owner: an event loop keeps its descriptors in places of their own.
package enum Socket {
    /// Receives what there is, at most `buffer.count` bytes.
    ///
    /// - Returns: 0 when the other side has sent all it will; nil when there is nothing now.
    @inline(__always)
    package static func receive(
        _ number: CInt, into buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemError) -> Int? {
        try systemCall("recv") { unsafe recv(number, buffer.baseAddress, buffer.count, 0) }
    }

    /// Sends as much of `buffer` as the kernel takes.
    ///
    /// A closed connection is an error (EPIPE), never a signal.
    /// - Returns: nil when it takes nothing now.
    @inline(__always)
    package static func send(_ number: CInt, _ buffer: UnsafeRawBufferPointer) throws(SystemError) -> Int? {
        try systemCall("send") { unsafe Glibc.send(number, buffer.baseAddress, buffer.count, CInt(MSG_NOSIGNAL)) }
    }

    /// Sends as much as the kernel takes of three buffers, one behind the other, of which the last ones may be empty.
    ///
    /// - Returns: nil when it takes nothing now.
    package static func send(
        _ number: CInt, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer,
        _ third: UnsafeRawBufferPointer
    ) throws(SystemError) -> Int? {
        if unsafe second.isEmpty && third.isEmpty { return unsafe try send(number, first) }
        var parts = unsafe (part(first), part(second), part(third))
        return try systemCall("sendmsg") {
            unsafe withUnsafeMutableBytes(of: &parts) { parts in
                var message = unsafe msghdr()
                unsafe message.msg_iov = parts.baseAddress?.assumingMemoryBound(to: iovec.self)
                unsafe message.msg_iovlen = 3
                return unsafe sendmsg(number, &message, CInt(MSG_NOSIGNAL))
            }
        }
    }

    private static func part(_ buffer: UnsafeRawBufferPointer) -> iovec {
        unsafe iovec(iov_base: UnsafeMutableRawPointer(mutating: buffer.baseAddress), iov_len: buffer.count)
    }

    /// Says that nothing more will be sent; what was sent still arrives.
    package static func shutdownWriting(_ number: CInt) throws(SystemError) {
        try immediately("shutdown") { shutdown(number, CInt(SHUT_WR)) }
    }

    /// Closing will send a reset instead of waiting for what was not sent.
    package static func resetOnClose(_ number: CInt) throws(SystemError) {
        var value = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        try immediately("setsockopt") { unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &value, size) }
    }

    static func set(_ number: CInt, _ level: CInt, _ option: CInt, _ value: CInt) throws(SystemError) {
        var value = value
        try immediately("setsockopt") { unsafe setsockopt(number, level, option, &value, 4) }
    }
}
