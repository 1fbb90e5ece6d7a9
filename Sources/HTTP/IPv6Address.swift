import Bytes

/// Whether `range` spells an IPv6 address (RFC 3986 §3.2.2).
///
/// Eight groups of one to four hexadecimal digits; an IPv4 address may take the place of the last two, and one `::` that of
/// one or more groups of zeros.
func isIPv6Address(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var offset = range.lowerBound
    let end = range.upperBound
    var groups = 0
    var isCompressed = false
    if end - offset >= 2, bytes[offset] == 0x3A, bytes[offset + 1] == 0x3A {
        isCompressed = true
        offset += 2
    }
    while offset < end {
        var digits = 0
        while offset + digits < end, hexadecimalValue(bytes[offset + digits]) != nil { digits += 1 }
        if offset + digits < end, bytes[offset + digits] == 0x2E {
            guard isIPv4Address(bytes, offset..<end) else { return false }
            groups += 2
            offset = end
            break
        }
        guard (1...4).contains(digits) else { return false }
        groups += 1
        offset += digits
        if offset == end { break }
        guard bytes[offset] == 0x3A, offset + 1 < end else { return false }
        offset += 1
        if bytes[offset] == 0x3A {
            if isCompressed { return false }
            isCompressed = true
            offset += 1
        }
    }
    return isCompressed ? groups < 8 : groups == 8
}

/// Whether `range` spells four numbers of 0 to 255 without leading zeros, with points between them.
func isIPv4Address(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var offset = range.lowerBound
    for part in 0..<4 {
        var value = 0
        let start = offset
        while offset < range.upperBound, isDigit(bytes[offset]), offset - start < 3 {
            value = value * 10 + Int(bytes[offset] & 0x0F)
            offset += 1
        }
        guard offset > start, value <= 255, offset - start == 1 || bytes[start] != 0x30 else { return false }
        if part == 3 { return offset == range.upperBound }
        guard offset < range.upperBound, bytes[offset] == 0x2E else { return false }
        offset += 1
    }
    return false
}
