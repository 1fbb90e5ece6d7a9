package import Bytes
import CZlib

/// Packs bytes as gzip (RFC 1952).
///
/// Its 256 KB of memory are allocated once, so that a worker can keep one for all its answers.
@safe
package struct Deflater: ~Copyable {
    /// zlib keeps the address, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter level: from 1, the fastest, to 9, the smallest.
    package init(level: Int) {
        precondition((1...9).contains(level), "level \(level) is not in 1...9")
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let gzip = 16 + MAX_WBITS
        let began = unsafe deflateInit2_(
            stream, CInt(level), Z_DEFLATED, gzip, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            CInt(MemoryLayout<z_stream>.size))
        precondition(began == Z_OK, "zlib could not start to deflate: \(began)")
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Appends one member that holds `range` of `input`; the same bytes give the same member.
    package mutating func gzip(_ input: borrowing ByteBuffer, _ range: Range<Int>, into output: inout ByteBuffer) {
        precondition(range.count <= UInt32.max / 2, "\(range.count) bytes at once")
        let stream = unsafe stream
        unsafe deflateReset(stream)
        let room = unsafe Int(deflateBound(stream, UInt(range.count)))
        unsafe input.span.extracting(range).withUnsafeBytes { source in
            // zlib never writes through `next_in`.
            unsafe stream.pointee.next_in = UnsafeMutablePointer(
                mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
            unsafe stream.pointee.avail_in = UInt32(source.count)
            _ = unsafe output.append(room: room) { free in
                unsafe stream.pointee.next_out = free.baseAddress?.assumingMemoryBound(to: UInt8.self)
                unsafe stream.pointee.avail_out = UInt32(free.count)
                let status = unsafe deflate(stream, Z_FINISH)
                precondition(status == Z_STREAM_END, "`deflateBound` promised that one call is enough: \(status)")
                return unsafe free.count - Int(stream.pointee.avail_out)
            }
        }
    }
}
