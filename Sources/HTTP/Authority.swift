import Bytes

/// The syntax of `host [ ":" port ]` in the Host field and in absolute targets.
///
/// Nothing here decides by the host; the check is that of RFC 9112 §3.2, by which an invalid Host is answered with 400.
/// User information (`user:password@host`) is refused with it (RFC 9110 §4.2.4).
struct Authority {
    /// Whether there is a host in front of the port; a Host field may be empty (RFC 9112 §3.2), an http URI must name one
    /// (RFC 9110 §4.2.1).
    let hasHost: Bool

    /// The authority that `range` of `bytes` spells, nil for none.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard let hostEnd = Self.endOfHost(bytes, range) else { return nil }
        hasHost = hostEnd > range.lowerBound
        if hostEnd == range.upperBound { return }
        // port = *DIGIT (RFC 3986 §3.2.3): it may be empty, and no bound is set to it.
        guard bytes[hostEnd] == 0x3A else { return nil }
        let port = ByteSet.digit.run(bytes, from: hostEnd + 1, to: range.upperBound)
        guard hostEnd + 1 + port == range.upperBound else { return nil }
    }

    /// RFC 3986 §3.2.2: an address in brackets, or a registered name, of which an IPv4 address is a special case.
    private static func endOfHost(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        if range.isEmpty || bytes[range.lowerBound] != 0x5B { return endOfName(bytes, range) }
        var close = range.lowerBound + 1
        while close < range.upperBound, bytes[close] != 0x5D { close += 1 }
        let inside = range.lowerBound + 1..<close
        let isAddress = isFutureAddress(bytes, inside) || isIPv6Address(bytes, inside)
        return close < range.upperBound && isAddress ? close + 1 : nil
    }

    private static func endOfName(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var offset = range.lowerBound
        while true {
            offset += ByteSet.name.run(bytes, from: offset, to: range.upperBound)
            guard offset < range.upperBound, bytes[offset] == 0x25 else { return offset }
            guard isEscape(bytes, at: offset, to: range.upperBound) else { return nil }
            offset += 3
        }
    }

    /// `IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )`.
    private static func isFutureAddress(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count >= 4, lowercase(bytes[range.lowerBound]) == 0x76 else { return false }
        var offset = range.lowerBound + 1
        while offset < range.upperBound, hexadecimalValue(bytes[offset]) != nil { offset += 1 }
        guard offset > range.lowerBound + 1, offset + 1 < range.upperBound, bytes[offset] == 0x2E else { return false }
        for rest in offset + 1..<range.upperBound {
            guard ByteSet.name.contains(bytes[rest]) || bytes[rest] == 0x3A else { return false }
        }
        return true
    }
}
