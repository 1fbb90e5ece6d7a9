public import Bytes

/// Strings as JSON writes them (RFC 8259 §7).
extension ByteBuffer {
    /// Appends a JSON string, quotes and escapes included, that stands for these bytes of UTF-8.
    ///
    /// A byte that is no part of well-formed UTF-8 becomes U+FFFD: what comes out is always JSON.
    public mutating func append(jsonString text: Span<UInt8>) {
        append(byte: 0x22)
        var copied = 0  // everything before this has been appended
        var place = 0
        while place < text.count {
            let byte = text[place]
            if byte >= 0x20, byte < 0x80, byte != 0x22, byte != 0x5C {
                place &+= 1
            } else if byte >= 0x80, let length = lengthOfUTF8Sequence(text, at: place) {
                place &+= length
            } else {
                append(text.extracting(copied..<place))
                append(escaped: byte)
                place &+= 1
                copied = place
            }
        }
        append(text.extracting(copied..<place))
        append(byte: 0x22)
    }

    /// Appends a JSON string, quotes and escapes included, that stands for `text`.
    ///
    /// Off the request path: a String costs an allocation to make.
    public mutating func append(jsonString text: String) { append(jsonString: Array(text.utf8).span) }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        case 0x22: append("\\\"")
        case 0x5C: append("\\\\")
        case 0x80...: append("\u{FFFD}")
        default:
            append("\\u00")
            append(hexadecimal: byte)
        }
    }
}
