import Bytes
import Linux

/// Sockets and our buffers.
extension Socket {
    /// Receives at most `room` bytes behind those that `buffer` holds.
    ///
    /// - Returns: 0 when the client has ended its side, -1 when there is nothing now, nil when the connection is broken.
    static func receive(_ number: CInt, into buffer: inout ByteBuffer, room: Int) -> Int? {
        unsafe try? buffer.append(room: room) { (room) throws(SystemError) in
            unsafe try receive(number, into: room) ?? -1
        }
    }

    /// Sends `range` of `buffer`, as much as the kernel takes.
    ///
    /// - Returns: how many bytes that was, -1 when it takes nothing now, nil when the connection is broken.
    static func send(_ number: CInt, _ buffer: borrowing ByteBuffer, _ range: Range<Int>) -> Int? {
        unsafe try? buffer.withUnsafeBytes { (bytes) throws(SystemError) in
            unsafe try send(number, UnsafeRawBufferPointer(rebasing: bytes[range])) ?? -1
        }
    }
}
