public import Bytes

/// A part of a request target that is no text.
public enum TextError: Error, Sendable, Equatable {
    /// A percent sign without two hexadecimal digits behind it (RFC 3986 §2.1).
    case malformedEscape

    /// The decoded octets are not UTF-8 (RFC 3986 §2.5 leaves the choice of encoding to the server).
    case notUTF8

    /// The decoded text has a NUL, which no text in the database can have.
    case containsNUL
}

extension ByteBuffer {
    /// Appends `range` of `source` with its percent-escapes decoded.
    ///
    /// - Parameter plusIsSpace: as in the queries of HTML forms and of most client libraries; a plus itself is `%2B` then.
    /// - Returns: where the decoded text stands in this buffer.
    /// - Throws: `TextError`; the buffer then is as it was before.
    public mutating func append(
        decoding source: Span<UInt8>, _ range: Range<Int>, plusIsSpace: Bool = false
    ) throws(TextError) -> Range<Int> {
        let start = count
        do {
            try appendDecoded(source, range, plusIsSpace)
            try requireText(from: start)
        } catch {
            truncate(to: start)
            throw error
        }
        return start..<count
    }

    private mutating func appendDecoded(
        _ source: Span<UInt8>, _ range: Range<Int>, _ plusIsSpace: Bool
    ) throws(TextError) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let byte = source[offset]
            if byte == 0x25 {
                guard offset + 2 < range.upperBound, let high = hexadecimalValue(source[offset + 1]),
                    let low = hexadecimalValue(source[offset + 2])
                else { throw .malformedEscape }
                append(byte: high << 4 | low)
                offset += 3
            } else {
                append(byte: byte == 0x2B && plusIsSpace ? 0x20 : byte)
                offset += 1
            }
        }
    }

    private func requireText(from start: Int) throws(TextError) {
        var isASCII = true
        for offset in start..<count {
            let byte = self[offset]
            if byte == 0 { throw .containsNUL }
            if byte >= 0x80 { isASCII = false }
        }
        if isASCII { return }
        do { _ = try UTF8Span(validating: span.extracting(start..<count)) } catch { throw .notUTF8 }
    }
}

/// Whether a whole percent-escape stands at `offset` (`"%" HEXDIG HEXDIG`, RFC 3986 §2.1).
@inline(__always)
func isEscape(_ bytes: Span<UInt8>, at offset: Int, to end: Int) -> Bool {
    offset + 2 < end && hexadecimalValue(bytes[offset + 1]) != nil && hexadecimalValue(bytes[offset + 2]) != nil
}
