/// Walks over the elements of a comma-separated field value (RFC 9110 §5.6.1).
///
/// Elements are without white space at their ends, empty ones are passed over (§5.6.1.2), and a comma within a quoted string
/// separates nothing (§5.6.4).
struct ListReader {
    private var offset: Int
    private let end: Int

    init(_ value: Range<Int>) {
        offset = value.lowerBound
        end = value.upperBound
    }

    mutating func next(_ bytes: Span<UInt8>) -> Range<Int>? {
        while offset < end {
            let start = offset
            offset = endOfElement(bytes, from: start, separator: 0x2C, to: end)
            let element = bytes.trimmed(start..<offset)
            offset += 1
            if !element.isEmpty { return element }
        }
        return nil
    }
}

/// The offset of the first `separator` at or after `start` that is not within a quoted string, and `end` where there is none.
func endOfElement(_ bytes: Span<UInt8>, from start: Int, separator: UInt8, to end: Int) -> Int {
    var offset = start
    var isQuoted = false
    while offset < end {
        let byte = bytes[offset]
        if byte == separator, !isQuoted { return offset }
        if byte == 0x22 { isQuoted.toggle() }
        if byte == 0x5C, isQuoted { offset += 1 }
        offset += 1
    }
    return end
}
