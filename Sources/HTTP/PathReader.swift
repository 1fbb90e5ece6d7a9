/// Walks over the segments of a path, which are what stands behind each `/` (RFC 3986 §3.3).
///
/// `/` has one empty segment, `/a/` has two, `a` and an empty one. Segments are still encoded and dot segments are left as
/// they are: nothing here is looked up in a file system.
public struct PathReader: Sendable {
    private var offset: Int
    private let end: Int

    public init(_ path: Range<Int>) {
        offset = path.lowerBound
        end = path.upperBound
    }

    /// The next segment; nil behind the last one, and for `*`, which has none.
    public mutating func next(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard offset < end, bytes[offset] == 0x2F else { return nil }
        let start = offset + 1
        offset = start
        while offset < end, bytes[offset] != 0x2F { offset += 1 }
        return start..<offset
    }
}
