import Bytes

/// The field `traceparent` (W3C Trace Context §3.2), by which a request says to which trace it belongs.
public enum TraceParent {
    /// The trace id in a field's value: 32 digits that name the whole trace; nil for what is no such value.
    ///
    /// Whoever cannot read a value goes on as if it were not there (§3.2.2.5). A version above 00 may have more behind the
    /// flags, parted by a hyphen (§3.2.1); `ff` is none.
    public static func traceID(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Range<Int>? {
        let start = value.lowerBound
        guard value.count >= 55, value.count == 55 || bytes[start + 55] == 0x2D else { return nil }
        let version = start..<start + 2
        let trace = start + 3..<start + 35
        let parent = start + 36..<start + 52
        let flags = start + 53..<start + 55
        for hyphen in [start + 2, start + 35, start + 52] where bytes[hyphen] != 0x2D { return nil }
        for part in [version, trace, parent, flags] where !isLowercaseHexadecimal(bytes, part) { return nil }
        if value.count > 55, bytes.equals(version, "00") { return nil }
        if bytes.equals(version, "ff") || isZero(bytes, trace) || isZero(bytes, parent) { return nil }
        return trace
    }

    private static func isLowercaseHexadecimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for offset in range {
            switch bytes[offset] {
            case 0x30...0x39, 0x61...0x66: continue
            default: return false
            }
        }
        return true
    }

    private static func isZero(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for offset in range where bytes[offset] != 0x30 { return false }
        return true
    }
}
