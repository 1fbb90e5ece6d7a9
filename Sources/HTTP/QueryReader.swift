/// Walks over the `name=value` pairs of a query (`application/x-www-form-urlencoded`, WHATWG URL §5.1).
///
/// Names and values are still encoded; `ByteBuffer.append(decoding:_:plusIsSpace:)` decodes one. A pair without `=` is a name
/// with an empty value, empty pairs (`a=1&&b=2`) are passed over.
public struct QueryReader: Sendable {
    private var offset: Int
    private let end: Int

    public init(_ query: Range<Int>) {
        offset = query.lowerBound
        end = query.upperBound
    }

    public mutating func next(_ bytes: Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
        while offset < end {
            let start = offset
            var equals: Int?
            while offset < end, bytes[offset] != 0x26 {
                if bytes[offset] == 0x3D, equals == nil { equals = offset }
                offset += 1
            }
            let pairEnd = offset
            offset += 1
            if pairEnd == start { continue }
            guard let equals else { return (start..<pairEnd, pairEnd..<pairEnd) }
            return (start..<equals, equals + 1..<pairEnd)
        }
        return nil
    }
}
