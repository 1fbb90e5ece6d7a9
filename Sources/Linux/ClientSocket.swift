import Glibc

/// A connection to a server on which every call waits for a bounded time.
package struct ClientSocket: ~Copyable {
    private let descriptor: FileDescriptor

    /// Connects, which takes `seconds` at most, as does each call after it.
    package static func connect(to address: SocketAddress, seconds: Int) throws(SystemError) -> ClientSocket {
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = FileDescriptor(owning: try immediately("socket") { socket(address.family, kind, 0) })
        let number = descriptor.number
        // SO_SNDTIMEO bounds connect, too (socket(7)).
        for option in [SO_SNDTIMEO, SO_RCVTIMEO] {
            var limit = timeval(tv_sec: seconds, tv_usec: 0)
            let size = socklen_t(MemoryLayout<timeval>.size)
            try immediately("setsockopt") { unsafe setsockopt(number, SOL_SOCKET, option, &limit, size) }
        }
        let result = try systemCall("connect \(address)") {
            unsafe address.withUnsafeAddress { unsafe Glibc.connect(number, $0, $1) }
        }
        guard result != nil else { throw SystemError(code: ETIMEDOUT, call: "connect \(address)") }
        return ClientSocket(descriptor: descriptor)
    }

    /// Sends `request` and receives until the server closes the connection, at most `bytesMax`.
    package borrowing func exchange(_ request: StaticString, bytesMax: Int) throws(SystemError) -> [UInt8] {
        let bytes = unsafe UnsafeRawBufferPointer(start: request.utf8Start, count: request.utf8CodeUnitCount)
        // What is sent here is far smaller than any socket's buffer: it goes whole.
        guard try unsafe Socket.send(descriptor.number, bytes) == bytes.count else {
            throw SystemError(code: ETIMEDOUT, call: "send")
        }
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while answer.count < bytesMax {
            guard let count = try descriptor.read(into: &piece) else {
                throw SystemError(code: ETIMEDOUT, call: "recv")
            }
            if count == 0 { break }
            answer += piece[..<count]
        }
        return answer
    }

    private init(descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
}
