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
        var (quotes, lines) = (0, 0)
        for offset in 0..<end {
            quotes &+= bytes[offset] == 0x22 ? 1 : 0
            lines &+= bytes[offset] == 0x0A ? 1 : 0
        }
        return quotes == 0 ? (end, lines) : nil
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
