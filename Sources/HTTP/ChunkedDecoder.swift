public import Bytes

/// Takes the chunked coding off a body (RFC 9112 §7.1), in the buffer in which it arrives and as it arrives.
///
/// One decoder serves one body. The decoded octets stand at `start` of the buffer and are followed by nothing as long as the
/// body is incomplete: chunk sizes, extensions and trailers are taken out as soon as they are read, so the buffer never
/// holds more than the body and one read.
public struct ChunkedDecoder: Sendable {
    /// The number of decoded octets so far.
    public private(set) var bodyCount = 0

    private var state = ChunkState.size
    private var size = 0
    private var digits = 0
    private var extensionBytes = 0
    private var trailerBytes = 0
    private var trailerName = TrailerName()
    private let limits: Limits

    public init(limits: Limits) { self.limits = limits }

    /// Decodes everything that stands behind the octets decoded before.
    ///
    /// - Parameter start: where the body begins; the octets of earlier calls must still be there.
    /// - Returns: nil where the body is incomplete; the buffer then ends with the decoded octets, and what is received next
    ///   is appended to them. Else the offset behind the whole message, where the next request begins.
    /// - Throws: what the body broke first. It does not depend on how the body was cut into reads.
    public mutating func decode(_ buffer: inout ByteBuffer, from start: Int) throws(RequestError) -> Int? {
        var offset = start + bodyCount
        while offset < buffer.count {
            if state == .data {
                let count = min(size, buffer.count - offset)
                buffer.move(offset..<offset + count, to: start + bodyCount)
                offset += count
                bodyCount += count
                size -= count
                if size == 0 { state = .dataCR }
            } else {
                try take(buffer[offset])
                offset += 1
                if state == .end { return offset }
            }
        }
        buffer.truncate(to: start + bodyCount)
        return nil
    }

    /// Takes one octet of what stands between the data.
    private mutating func take(_ byte: UInt8) throws(RequestError) {
        switch state {
        case .size: try takeSize(byte)
        case .sizeLF:
            guard byte == 0x0A else { throw RequestError(.bareCarriageReturn) }
            state = size > 0 ? .data : .trailer(.start)
            digits = 0
        case .dataCR:
            guard byte == 0x0D else { throw RequestError(.chunkWithoutEnd) }
            state = .dataLF
        case .dataLF:
            guard byte == 0x0A else { throw RequestError(.chunkWithoutEnd) }
            state = .size
        case .extension(let part): try takeExtension(byte, part)
        case .trailer(let part): try takeTrailer(byte, part)
        case .data, .end: preconditionFailure("no octet is taken in this state")
        }
    }

    /// `chunk-size = 1*HEXDIG`: no sign, no prefix, no separator; no larger than the body may still be, and of no more digits
    /// than the largest number of 64 bits has: whoever counts only the last of them would read another size.
    private mutating func takeSize(_ byte: UInt8) throws(RequestError) {
        if let digit = hexadecimalValue(byte) {
            digits += 1
            guard digits <= 16 else { throw RequestError(.malformedChunkSize) }
            size = size << 4 | Int(digit)
            guard size <= limits.bodyBytes - bodyCount else { throw RequestError(.bodyTooLarge) }
            return
        }
        guard digits > 0 else { throw RequestError(byte == 0x0A ? .bareLineFeed : .malformedChunkSize) }
        switch byte {
        case 0x0D: state = .sizeLF
        case 0x0A: throw RequestError(.bareLineFeed)
        case 0x3B, 0x20, 0x09: try takeExtension(byte, .beforeSemicolon)
        default: throw RequestError(.malformedChunkSize)
        }
    }

    /// Chunk extensions are read and ignored (RFC 9112 §7.1.1).
    private mutating func takeExtension(_ byte: UInt8, _ part: ChunkExtension) throws(RequestError) {
        try countExtension()
        switch part.next(byte) {
        case .part(let next): state = .extension(next)
        case .lineEnd: state = .sizeLF
        case .malformed: throw RequestError(byte == 0x0A ? .bareLineFeed : .malformedChunkExtension)
        }
    }

    private mutating func countExtension() throws(RequestError) {
        extensionBytes += 1
        guard extensionBytes <= limits.chunkExtensionBytes else { throw RequestError(.chunkExtensionsTooLong) }
    }

    /// Trailers are checked and thrown away, never merged into the head (RFC 9110 §6.5.1).
    ///
    /// Those that frame or route a message must not come here; others merge them, so they are refused.
    private mutating func takeTrailer(_ byte: UInt8, _ part: TrailerLine) throws(RequestError) {
        trailerBytes += 1
        guard trailerBytes <= limits.trailerBytes else { throw RequestError(.trailersTooLong) }
        switch part.next(byte) {
        case .part(let next):
            if case .name = next { trailerName.take(byte) }
            if case .value = next, case .name = part, trailerName.end() { throw RequestError(.forbiddenTrailer) }
            state = .trailer(next)
        case .end: state = .end
        case .malformed(let rule): throw RequestError(rule)
        }
    }
}
