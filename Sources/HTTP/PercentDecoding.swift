import Bytes

/// Whether a whole percent-escape stands at `offset` (`"%" HEXDIG HEXDIG`, RFC 3986 §2.1).
@inline(__always)
func isEscape(_ bytes: Span<UInt8>, at offset: Int, to end: Int) -> Bool {
    offset + 2 < end && hexadecimalValue(bytes[offset + 1]) != nil && hexadecimalValue(bytes[offset + 2]) != nil
}
