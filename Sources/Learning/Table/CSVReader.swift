/// Reads records of RFC 4180 from bytes, one at a time, as ranges into them.
///
/// The bytes may be a whole file or a window that slides over one: then `isFinal` is false until the last, a record cut
/// by the end of the window is not returned, and `consumed` says from where to read on. Both kinds of line end are
/// taken, an empty line is skipped (unless there is one column only, whose value is then empty), and so is a byte order
/// mark. After the first record, which sets the number of fields, all have as many.
///
/// A reader that has thrown stands still until `skipBadRecord` takes it past what it could not read.
package struct CSVReader: ~Escapable {
    /// One field: where its text is, and whether doubled quotes in it stand for one.
    package struct Field: Equatable, Sendable {
        package let range: Range<Int>
        package let isEscaped: Bool
    }

    let bytes: Span<UInt8>
    let isFinal: Bool
    let recordBytesMax: Int
    /// Where the next record starts; 0 while none has been read, also where a byte order mark stands first.
    package internal(set) var consumed: Int
    /// The length of the byte order mark: the first record starts behind it.
    private let markCount: Int
    /// The line on which the next record starts.
    package internal(set) var nextLine: Int
    /// Whether the window ends within a line that is left out: the next one begins in it.
    package internal(set) var isInBadLine = false
    /// Where the record behind a bad one starts, as far as that is known, and on which line.
    var badRecordEnd: (offset: Int, line: Int)?
    /// The line on which the present record starts.
    package private(set) var line: Int
    /// The fields of the present record.
    package private(set) var fields: [Field] = []
    /// How many fields of the record that is being read are known; those behind them are left of the one before.
    private var fieldCount = 0
    private var width: Int?

    /// - Parameters:
    ///   - width: the fields of a record, where an earlier window has shown it.
    ///   - line: the line on which `bytes` start.
    ///   - recordBytesMax: a longer record is an error, so that a quote that is never closed cannot swallow a file.
    @_lifetime(copy bytes)
    package init(
        _ bytes: Span<UInt8>, isFinal: Bool = true, width: Int? = nil, line: Int = 1, recordBytesMax: Int = .max
    ) {
        self.bytes = bytes
        self.isFinal = isFinal
        self.recordBytesMax = recordBytesMax
        self.width = width
        self.line = line
        nextLine = line
        consumed = 0
        let hasMark = line == 1 && bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
        markCount = hasMark ? 3 : 0
    }

    /// Where the text of the next record starts.
    var recordStart: Int { max(consumed, markCount) }

    /// Reads the next record into `fields`; false when there is no further complete one.
    package mutating func next() throws(CSVError) -> Bool {
        while recordStart < bytes.count {
            fieldCount = 0
            line = nextLine
            badRecordEnd = nil
            let read = try readRecord()
            if fieldCount < fields.count { fields.removeLast(fields.count - fieldCount) }
            guard (read?.offset ?? bytes.count) - recordStart <= recordBytesMax else {
                throw CSVError(.tooLong(limit: recordBytesMax), line: line)
            }
            guard let end = read else { return false }
            let isSkipped = isBlank && width != 1
            let width = self.width ?? fields.count
            guard isSkipped || fields.count == width else {
                badRecordEnd = end
                throw CSVError(.ragged(expected: width, found: fields.count), line: line)
            }
            (consumed, nextLine) = end
            if isSkipped { continue }
            self.width = width
            return true
        }
        return false
    }

    private var isBlank: Bool { fields.count == 1 && fields[0].range.isEmpty }

    /// - Returns: where the record behind this one starts, and its line; nil when the window ends first.
    private mutating func readRecord() throws(CSVError) -> (offset: Int, line: Int)? {
        var offset = recordStart
        var lines = nextLine
        while true {
            let quoted = offset < bytes.count && bytes[offset] == 0x22
            guard let end = quoted ? try readQuoted(offset, &lines) : try readPlain(offset, lines) else { return nil }
            guard end < bytes.count else {
                return isFinal ? (end, lines + 1) : nil
            }
            offset = end + 1
            switch bytes[end] {
            case 0x2C: continue
            case 0x0A: break
            case 0x0D:
                if offset == bytes.count, !isFinal { return nil }
                guard offset < bytes.count, bytes[offset] == 0x0A else {
                    throw CSVError(.strayCarriageReturn, line: lines)
                }
                offset += 1
            default: throw CSVError(.strayQuote, line: lines)
            }
            return (offset, lines + 1)
        }
    }

    /// - Returns: the offset of the comma or line end behind the field, or the end of the bytes.
    private mutating func readPlain(_ start: Int, _ lines: Int) throws(CSVError) -> Int? {
        var offset = Self.firstSmall(bytes, start)
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == 0x2C || byte == 0x0A || byte == 0x0D { break }
            if byte == 0x22 { throw CSVError(.strayQuote, line: lines) }
            offset = Self.firstSmall(bytes, offset &+ 1)
        }
        add(start..<offset, isEscaped: false)
        return offset
    }

    /// Where from `start` on the first byte below a hyphen is: what ends a field is, and few others are; else the end.
    ///
    /// Eight bytes at a time: subtracting borrows from the highest bit of a byte that is too small, and the lowest such bit
    /// is right whatever the borrow does to those above it.
    @inline(__always)
    private static func firstSmall(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        unsafe bytes.withUnsafeBytes { bytes in
            var offset = start
            while offset &+ 8 <= bytes.count {
                let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                let small = (word &- 0x2D2D_2D2D_2D2D_2D2D) & ~word & 0x8080_8080_8080_8080
                if small != 0 { return offset &+ small.trailingZeroBitCount &>> 3 }
                offset &+= 8
            }
            while offset < bytes.count, unsafe bytes[offset] >= 0x2D { offset &+= 1 }
            return offset
        }
    }

    /// Takes the next field of the record that is being read.
    @inline(__always)
    private mutating func add(_ range: Range<Int>, isEscaped: Bool) {
        let field = Field(range: range, isEscaped: isEscaped)
        if fieldCount < fields.count { fields[fieldCount] = field } else { fields.append(field) }
        fieldCount &+= 1
    }

    private mutating func readQuoted(_ start: Int, _ lines: inout Int) throws(CSVError) -> Int? {
        let opened = lines
        var offset = start + 1
        var isEscaped = false
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == 0x0A { lines += 1 }
            if byte == 0x22 {
                if offset + 1 == bytes.count, !isFinal { return nil }
                guard offset + 1 < bytes.count, bytes[offset + 1] == 0x22 else {
                    add(start + 1..<offset, isEscaped: isEscaped)
                    return offset + 1
                }
                isEscaped = true
                offset += 1
            }
            offset += 1
        }
        guard isFinal else { return nil }
        throw CSVError(.unterminatedQuote, line: opened)
    }

    // MARK: Values

    /// The text of field `index` of the present record.
    package func text(_ index: Int) throws(CSVError) -> String {
        let field = fields[index]
        var text: [UInt8] = []
        text.reserveCapacity(field.range.count)
        var offset = field.range.lowerBound
        while offset < field.range.upperBound {
            text.append(bytes[offset])
            offset += field.isEscaped && bytes[offset] == 0x22 ? 2 : 1
        }
        guard let valid = String(validating: text, as: UTF8.self) else { throw CSVError(.notUTF8, line: line) }
        return valid
    }

    /// The bytes of field `index`, doubled quotes still doubled.
    @_lifetime(copy self)
    package func bytes(_ index: Int) -> Span<UInt8> { bytes.extracting(fields[index].range) }

    /// The byte before `offset`, which is not the first.
    func byte(before offset: Int) -> UInt8 { bytes[offset - 1] }
}
