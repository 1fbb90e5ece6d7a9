import CLinux
import Glibc

/// Listening sockets on one port, one for each address of a host.
///
/// Every worker has a set of its own on the same port (SO_REUSEPORT): the kernel spreads new connections over them.
package struct Listener: ~Copyable {
    /// The addresses, with the port in use where the port asked for was 0.
    package private(set) var addresses: [SocketAddress] = []

    /// One socket for each address.
    package private(set) var numbers: [CInt] = []

    /// The port of all of them.
    package var port: UInt16 { addresses.first?.port ?? 0 }

    /// Octets of one connection that may wait in the kernel before it takes no more.
    ///
    /// It looks between segments: one more goes in, up to 64 KiB to a client that reads, half a window to one that does not.
    private static var unsentBytes: CInt { 1 << 10 }

    private init() {}

    /// Listens nowhere.
    package static var none: Listener { Listener() }

    deinit { closeAll(numbers) }

    /// Listens on every address of `host`.
    ///
    /// - Parameters:
    ///   - host: an address or a name; `::` serves IPv4 too, `localhost` is both loopback addresses.
    ///   - port: 0 lets the kernel choose one.
    ///   - backlog: connections that wait to be accepted, for each address; the kernel's `somaxconn` caps it.
    package static func open(host: String, port: UInt16, backlog: Int = 1024) throws(ListenError) -> Listener {
        let addresses: [SocketAddress]
        do { addresses = try SocketAddress.resolve(host: host, port: port) } catch { throw .address(error) }
        // A chosen port may be taken on the second address by somebody else: choose again.
        var attempts = port == 0 ? 16 : 1
        while true {
            attempts -= 1
            do throws(SystemError) {
                return try open(addresses, backlog: backlog, mayMissIPv6: host == "localhost")
            } catch {
                if attempts == 0 || !error.isAddressInUse { throw .system(error) }
            }
        }
    }

    private static func open(
        _ wanted: [SocketAddress], backlog: Int, mayMissIPv6: Bool
    ) throws(SystemError) -> Listener {
        var listener = Listener()
        for var address in wanted {
            if address.port == 0 { address.port = listener.port }
            do throws(SystemError) {
                if address.port != 0 { try checkIsFree(address) }
                try listener.add(address, backlog: backlog)
            } catch {
                let isMissing = error.code == EADDRNOTAVAIL || error.code == EAFNOSUPPORT
                guard mayMissIPv6, address.isIPv6, isMissing else { throw error }
            }
        }
        return listener
    }

    /// One more set of sockets on the addresses and the port of this one, for another worker.
    package borrowing func sibling(backlog: Int = 1024) throws(ListenError) -> Listener {
        var other = Listener()
        for address in addresses {
            do { try other.add(address, backlog: backlog) } catch { throw .system(error) }
        }
        return other
    }

    /// Fails if another process listens there.
    ///
    /// With SO_REUSEPORT a second server of the same user would get half of the first one's connections without a word.
    private static func checkIsFree(_ address: SocketAddress) throws(SystemError) {
        let probe = try makeSocket(address.family)
        try Socket.set(probe.number, SOL_SOCKET, SO_REUSEADDR, 1)
        if address.isIPv6 { try Socket.set(probe.number, CInt(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        try bind(probe, address)
    }

    private mutating func add(_ address: SocketAddress, backlog: Int) throws(SystemError) {
        let socket = try Self.makeSocket(address.family)
        try Socket.set(socket.number, SOL_SOCKET, SO_REUSEADDR, 1)
        try Socket.set(socket.number, SOL_SOCKET, SO_REUSEPORT, 1)
        if address.isIPv6 {
            let isAny = address.description.hasPrefix("[::]:")
            try Socket.set(socket.number, CInt(IPPROTO_IPV6), IPV6_V6ONLY, isAny ? 0 : 1)
        }
        // Accepted sockets inherit it (tcp(7)): small answers leave at once instead of waiting for more (Nagle).
        try Socket.set(socket.number, CInt(IPPROTO_TCP), TCP_NODELAY, 1)
        // Inherited, too: the kernel takes little more than what is on its way. By default it would keep up to 4 MiB for each client
        // that reads nothing, and two thousand of those exhaust what TCP may use for everybody; 16 KiB for each, in segments of
        // half a small window, made everybody else wait while they were copied.
        try Socket.set(socket.number, CInt(IPPROTO_TCP), TCP_NOTSENT_LOWAT, Self.unsentBytes)
        try Self.bind(socket, address)
        let number = socket.number
        try immediately("listen \(address)") { listen(number, CInt(backlog)) }
        addresses.append(try SocketAddress.bound(to: number))
        numbers.append(socket.relinquish())
    }

    private static func makeSocket(_ family: CInt) throws(SystemError) -> FileDescriptor {
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        return FileDescriptor(owning: try immediately("socket") { socket(family, kind, 0) })
    }

    private static func bind(_ socket: borrowing FileDescriptor, _ address: SocketAddress) throws(SystemError) {
        let number = socket.number
        try immediately("bind \(address)") { unsafe address.withUnsafeAddress { unsafe Glibc.bind(number, $0, $1) } }
    }

    /// Takes the next connection that waits at the address `index`, non-blocking and closed on exec.
    ///
    /// A connection that ended while it waited is passed over.
    /// - Returns: nil when none waits.
    package borrowing func accept(_ index: Int) throws(SystemError) -> FileDescriptor? {
        let number = numbers[index]
        while true {
            do throws(SystemError) {
                guard let socket = try systemCall("accept4", { linux_accept(number) }) else { return nil }
                return FileDescriptor(owning: socket)
            } catch {
                // accept(2): errors that are pending on the new socket come out here.
                switch error.code {
                case ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
                    ENETUNREACH, EPERM:
                    continue
                default: throw error
                }
            }
        }
    }
}

private func closeAll(_ numbers: [CInt]) { for number in numbers { _ = FileDescriptor(owning: number) } }
