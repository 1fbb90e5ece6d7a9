/// Going on behind what cannot be read.
extension CSVReader {
    /// Goes past the record that `next` refused: all of it where only its number of fields is wrong, else its first line.
    ///
    /// Where quotes are wrong nobody knows where a record ends; the next line is the best guess, and it loses the least.
    /// - Returns: what was left out, without its line end; nil when the end of the line is not in the window: bring more.
    package mutating func skipBadRecord() -> Range<Int>? {
        let start = recordStart
        if let end = badRecordEnd {
            badRecordEnd = nil
            (consumed, nextLine) = end
            return trimmed(start..<end.offset)
        }
        if let feed = lineFeed(from: start) {
            consumed = feed + 1
            nextLine += 1
            return trimmed(start..<feed + 1)
        }
        guard isFinal || bytes.count - start > recordBytesMax else { return nil }
        isInBadLine = !isFinal
        consumed = bytes.count
        return start..<bytes.count
    }

    /// Goes past the rest of a line whose beginning an earlier window left out.
    package mutating func skipRestOfLine() {
        guard let feed = lineFeed(from: consumed) else {
            isInBadLine = !isFinal
            consumed = bytes.count
            return
        }
        consumed = feed + 1
        nextLine += 1
    }

    private func lineFeed(from start: Int) -> Int? {
        var offset = start
        while offset < bytes.count {
            if bytes[offset] == 0x0A { return offset }
            offset += 1
        }
        return nil
    }

    /// A record without the line feed, and the carriage return before it, on which it ends.
    package func trimmed(_ record: Range<Int>) -> Range<Int> {
        var end = record.upperBound
        guard end > record.lowerBound, bytes[end - 1] == 0x0A else { return record }
        end -= 1
        if end > record.lowerBound, bytes[end - 1] == 0x0D { end -= 1 }
        return record.lowerBound..<end
    }

    /// The bytes of a record as they stand in the text.
    @_lifetime(copy self)
    package func bytes(in range: Range<Int>) -> Span<UInt8> { bytes.extracting(range) }
}
