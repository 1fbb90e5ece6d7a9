import Glibc

/// An IPv4 or IPv6 address and a port.
@safe
package struct SocketAddress: Sendable {
    private var storage = sockaddr_storage()
    private let length: socklen_t

    private init(copying address: UnsafePointer<sockaddr>, length: socklen_t) {
        self.length = length
        unsafe withUnsafeMutableBytes(of: &storage) { target in
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(length)))
        }
    }

    /// The addresses of `host` to listen on or connect to, none twice.
    ///
    /// Blocks while a name is looked up. `localhost` is both loopback addresses, whatever the machine's tables say.
    package static func resolve(host: String, port: UInt16) throws(AddressError) -> [SocketAddress] {
        if host == "localhost" {
            return try resolve(host: "127.0.0.1", port: port) + resolve(host: "::1", port: port)
        }
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICSERV
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { throw AddressError(host: host, reason: unsafe String(cString: gai_strerror(code))) }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            unsafe next = entry.pointee.ai_next
            guard let address = unsafe entry.pointee.ai_addr else { continue }
            let found = unsafe SocketAddress(copying: address, length: entry.pointee.ai_addrlen)
            if !addresses.contains(where: { $0.description == found.description }) { addresses.append(found) }
        }
        return addresses
    }

    package var isIPv6: Bool { CInt(storage.ss_family) == AF_INET6 }

    var family: CInt { CInt(storage.ss_family) }

    /// Both families keep the port in the two bytes behind the family, in network order (ip(7), ipv6(7)).
    package var port: UInt16 {
        get { unsafe withUnsafeBytes(of: storage) { unsafe UInt16($0[2]) << 8 | UInt16($0[3]) } }
        set {
            unsafe withUnsafeMutableBytes(of: &storage) { bytes in
                unsafe bytes[2] = UInt8(newValue >> 8)
                unsafe bytes[3] = UInt8(truncatingIfNeeded: newValue)
            }
        }
    }

    /// The address that a socket is bound to.
    static func bound(to number: CInt) throws(SystemError) -> SocketAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return try unsafe withUnsafeMutablePointer(to: &storage) { (pointer) throws(SystemError) in
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { (address) throws(SystemError) in
                try immediately("getsockname") { unsafe getsockname(number, address, &length) }
                return unsafe SocketAddress(copying: address, length: length)
            }
        }
    }

    /// Lets `body` hand the address to the kernel.
    func withUnsafeAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafePointer(to: storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// As a URL writes it: `127.0.0.1:8080`, `[::1]:8080`.
    package var description: String {
        let host = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { buffer in
            let code = unsafe withUnsafeAddress { address, length in
                unsafe getnameinfo(address, length, buffer.baseAddress, UInt32(buffer.count), nil, 0, NI_NUMERICHOST)
            }
            guard code == 0, let start = buffer.baseAddress else { return "?" }
            return unsafe String(cString: start)
        }
        return isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
