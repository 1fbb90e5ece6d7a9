import Glibc

extension StreamSocket {
    /// Waits until the other side's kernel has all that was sent: its program finds it when it looks next.
    package func waitForDelivery() throws { try eventually("what was sent to arrive") { try unacknowledged() == 0 } }

    /// How many segments are on their way (TCP_INFO).
    private func unacknowledged() throws -> UInt32 {
        var info = tcp_info()
        var size = socklen_t(MemoryLayout<tcp_info>.size)
        guard unsafe getsockopt(descriptor, CInt(IPPROTO_TCP), TCP_INFO, &info, &size) == 0 else {
            throw SystemFailure("getsockopt")
        }
        return info.tcpi_unacked
    }
}
