package import Bytes
import CZlib

/// Unpacks gzip (RFC 1952), also of several members one after the other, which together are one text (§2.2).
///
/// Its 40 KB of memory are allocated once, so that a worker can keep one for all its requests.
@safe
package struct Inflater: ~Copyable {
    /// zlib keeps the address, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var state = State.beforeFirstMember

    private enum State {
        /// Nothing has been read since `reset`.
        case beforeFirstMember
        /// A member is open.
        case inMember
        /// A member has ended: either another one follows, or nothing.
        case afterMember
    }

    package init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let gzipOnly = 16 + MAX_WBITS
        let began = unsafe inflateInit2_(stream, gzipOnly, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        precondition(began == Z_OK, "zlib could not start to inflate: \(began)")
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Begins anew: the next byte is the first of a first member.
    package mutating func reset() {
        unsafe inflateReset(stream)
        state = .beforeFirstMember
    }

    /// Unpacks the next bytes of a stream that comes in pieces.
    ///
    /// - Parameter limit: how many bytes to append to `output` at most; above zero.
    /// - Returns: how many bytes of `range` were used. If fewer than all, `limit` was reached: the rest is to be handed
    ///   in again. If all, output may still be pending when exactly `limit` bytes came: hand in an empty range.
    package mutating func inflate(
        _ input: borrowing ByteBuffer, _ range: Range<Int>, into output: inout ByteBuffer, limit: Int
    ) throws(GzipError) -> Int {
        precondition(range.count <= UInt32.max && limit > 0, "\(range.count) bytes at once, limit \(limit)")
        let end = output.count + limit
        return unsafe try input.span.extracting(range).withUnsafeBytes { source throws(GzipError) in
            var used = 0
            var isPending = true
            while isPending, output.count < end {
                if used < source.count { unsafe try beginMember(source[used]) }
                if state != .inMember { break }
                let rest = unsafe UnsafeRawBufferPointer(rebasing: source[used...])
                (used, isPending) = unsafe try step(rest, used, into: &output, room: min(end - output.count, 16_384))
            }
            return used
        }
    }

    /// Makes sure that the last member has ended.
    package func finish() throws(GzipError) {
        guard state == .afterMember else { throw .truncated }
    }

    /// A member is about to begin with `byte`, unless one is open.
    private mutating func beginMember(_ byte: UInt8) throws(GzipError) {
        switch state {
        case .inMember: return
        case .beforeFirstMember: break
        case .afterMember:
            guard byte == 0x1F else { throw .trailingBytes }
            unsafe inflateReset(stream)
        }
        state = .inMember
    }

    /// Lets zlib fill `room` bytes.
    ///
    /// - Parameter used: how many bytes were used before `source`.
    /// - Returns: how many are used now, and whether there may be more to do with what is there.
    private mutating func step(
        _ source: UnsafeRawBufferPointer, _ used: Int, into output: inout ByteBuffer, room: Int
    ) throws(GzipError) -> (used: Int, isPending: Bool) {
        let stream = unsafe stream
        // zlib never writes through `next_in`.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
        unsafe stream.pointee.avail_in = UInt32(source.count)
        var status = Z_OK
        let written = unsafe output.append(room: room) { free in
            unsafe stream.pointee.next_out = free.baseAddress?.assumingMemoryBound(to: UInt8.self)
            unsafe stream.pointee.avail_out = UInt32(free.count)
            status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            return unsafe free.count - Int(stream.pointee.avail_out)
        }
        let left = unsafe Int(stream.pointee.avail_in)
        switch status {
        case Z_STREAM_END: state = .afterMember
        case Z_OK, Z_BUF_ERROR: break  // the latter: nothing could be done, for want of input
        case Z_MEM_ERROR: preconditionFailure("no memory to inflate")
        default: throw .corrupt
        }
        return (used + source.count - left, left > 0 || written == room)
    }
}
