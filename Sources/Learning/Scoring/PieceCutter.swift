package import Bytes

/// Cuts a table that is read in windows into pieces of whole records.
package struct PieceCutter: Sendable {
    private let width: Int
    private var number = 0
    private var line: Int
    private var isInBadLine = false

    /// - Parameters:
    ///   - width: the fields of a record.
    ///   - line: the first one behind the header.
    package init(width: Int, line: Int) {
        self.width = width
        self.line = line
    }

    /// The largest piece at the front of `window`, and how long it is; nil when there is no whole record in it.
    ///
    /// Without a quote in sight every line feed ends a record; else the records have to be read to find out.
    package mutating func cut(_ window: borrowing ByteBuffer, isFinal: Bool) -> (end: Int, mark: Mark)? {
        let mark = Mark(number: number, line: line, startsInBadLine: isInBadLine)
        let end: Int
        let quick = isInBadLine ? nil : Self.quickCut(window.span)
        if isFinal {
            end = window.count
        } else if let quick, quick.end > 0 {
            end = quick.end
            line += quick.lines
        } else {
            end = slowCut(window)
        }
        if end == 0 { return nil }
        number += 1
        return (end, mark)
    }

    /// Where a piece stands in the table.
    package struct Mark: Sendable {
        package let number: Int
        package let line: Int
        package let startsInBadLine: Bool
    }

    private static func quickCut(_ bytes: Span<UInt8>) -> (end: Int, lines: Int)? {
        var end = bytes.count
        while end > 0, bytes[end - 1] != 0x0A { end -= 1 }
        let part = bytes.extracting(0..<end)
        return count(0x22, in: part) == 0 ? (end, count(0x0A, in: part)) : nil
    }

    /// How many of the bytes are this one, eight looked at at a time.
    private static func count(_ byte: UInt8, in bytes: Span<UInt8>) -> Int {
        unsafe bytes.withUnsafeBytes { bytes in
            let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
            let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
            var (offset, count) = (0, 0)
            while offset &+ 8 <= bytes.count {
                // A byte that is the same is 0 now, and the only kind whose highest bit stays clear below.
                let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ pattern
                count &+= (~(((word & low) &+ low) | word | low)).nonzeroBitCount
                offset &+= 8
            }
            while offset < bytes.count {
                if unsafe bytes[offset] == byte { count &+= 1 }
                offset &+= 1
            }
            return count
        }
    }

    private mutating func slowCut(_ window: borrowing ByteBuffer) -> Int {
        var reader = CSVReader(
            window.span, isFinal: false, width: width, line: line, recordBytesMax: ScorePiece.recordBytesMax)
        if isInBadLine { reader.skipRestOfLine() }
        loop: while true {
            switch CSVStep(&reader) {
            case .record: continue
            case .bad: if reader.skipBadRecord() == nil { break loop }
            case .end: break loop
            }
        }
        line = reader.nextLine
        isInBadLine = reader.isInBadLine
        return reader.consumed
    }
}
