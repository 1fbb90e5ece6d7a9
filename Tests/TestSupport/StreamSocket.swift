import Glibc

/// A connected stream socket whose every wait has a deadline.
///
/// One thread may read while another writes.
package final class StreamSocket: Sendable {
    package enum Received: Sendable, Equatable {
        case bytes([UInt8])
        /// The peer will send no more: it closed, or reset the connection.
        case end
        case timedOut
    }

    package let descriptor: CInt

    package init(adopting descriptor: CInt) { self.descriptor = descriptor }

    deinit { Glibc.close(descriptor) }

    /// Connects to a port of the loopback interface, or of `::1`.
    ///
    /// - Parameter receiveBuffer: how many bytes the kernel takes for this side, about.
    package convenience init(port: UInt16, ipv6: Bool = false, receiveBuffer: CInt? = nil) throws {
        try self.init(family: ipv6 ? AF_INET6 : AF_INET)
        if var size = receiveBuffer {
            // Before there is a window that could not be made smaller.
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        }
        let result: CInt
        if ipv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            result = connectSocket(descriptor, &address)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            result = connectSocket(descriptor, &address)
        }
        guard result == 0 else { throw SystemFailure("connect") }
        var one: CInt = 1
        unsafe setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
    }

    /// Connects to a Unix socket.
    package convenience init(path: String) throws {
        try self.init(family: AF_UNIX)
        var address = try unixAddress(path)
        guard connectSocket(descriptor, &address) == 0 else { throw SystemFailure("connect \(path)") }
    }

    private convenience init(family: CInt) throws {
        let descriptor = socket(family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemFailure("socket") }
        self.init(adopting: descriptor)
    }

    /// Writes all of it; throws when the peer takes nothing for `seconds`.
    package func send(_ bytes: some Collection<UInt8>, within seconds: Double = 10) throws {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            guard wait(for: POLLOUT, seconds: seconds) else { throw SystemFailure("send", code: ETIMEDOUT) }
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress! + sent, buffer.count - sent,
                    CInt(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count < 0, errno == EAGAIN { continue }
            guard count > 0 else { throw SystemFailure("send") }
            sent += count
        }
    }

    package func receive(within seconds: Double, atMost most: Int = 65_536) -> Received {
        guard wait(for: POLLIN, seconds: seconds) else { return .timedOut }
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
            unsafe count = max(0, recv(descriptor, buffer.baseAddress, buffer.count, 0))
        }
        return bytes.isEmpty ? .end : .bytes(bytes)
    }

    /// Says that nothing more will be sent, and goes on reading.
    package func finishSending() { shutdown(descriptor, CInt(SHUT_WR)) }

    /// Ends the connection in both directions; a thread that waits on it wakes up.
    package func disconnect() { shutdown(descriptor, CInt(SHUT_RDWR)) }

    /// Makes the close at the end of this object's life a reset.
    package func resetWhenClosed() {
        var setting = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &setting, socklen_t(MemoryLayout<linger>.size))
    }

    private func wait(for events: CInt, seconds: Double) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return unsafe poll(&entry, 1, CInt(seconds * 1_000)) > 0
    }
}

private func connectSocket<Address>(_ descriptor: CInt, _ address: inout Address) -> CInt {
    unsafe withUnsafeBytes(of: &address) { bytes in
        unsafe connect(
            descriptor, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
}

/// The address of a Unix socket, whose path may have 107 bytes.
func unixAddress(_ path: String) throws -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
        throw SystemFailure("Unix socket \(path)", code: ENAMETOOLONG)
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    return address
}
