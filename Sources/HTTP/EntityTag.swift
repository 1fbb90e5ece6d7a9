import Bytes

/// Comparing the tag of a resource with If-None-Match (RFC 9110 §13.1.2).
public enum EntityTag {
    /// Whether the list in `range` names `tag`, so that a GET is answered with 304.
    ///
    /// The comparison is the weak one (§8.8.3.2): a `W/` in front counts for nothing.
    /// - Parameter tag: with its quotation marks.
    public static func matches(ifNoneMatch range: Range<Int>, _ bytes: Span<UInt8>, tag: Span<UInt8>) -> Bool {
        var list = ListReader(range)
        while let element = list.next(bytes) {
            if bytes.equals(element, "*") { return true }
            let isWeak = element.count > 2 && bytes.equals(element.lowerBound..<element.lowerBound + 2, "W/")
            let opaque = element.dropFirst(isWeak ? 2 : 0)
            if opaque.count == tag.count, (0..<tag.count).allSatisfy({ bytes[opaque.lowerBound + $0] == tag[$0] }) {
                return true
            }
        }
        return false
    }
}
