import Bytes
import Learning
import Postgres

/// The way of one file into a COPY that has begun: read, checked and sent in pieces, in constant memory.
struct EventStream: ~Copyable {
    /// A record of events is short; this is for files whose other columns are not.
    static let recordBytesMax = 1 << 20
    private static let windowBytes = 1 << 17
    private static let pieceBytes = 1 << 16

    /// Where the fields are, as the header says.
    let columns: EventColumns
    private let columnCount: Int
    /// What was read and is not done with.
    private var window: ByteBuffer
    private var isFinal: Bool
    private var place: Place
    private var rows = BinaryCopy(fieldCount: EventEncoder.columnCount, capacity: Self.windowBytes * 2)

    /// Records that were read, the header apart.
    var lines: Int { place.lines }

    /// How far the text has been read.
    private struct Place {
        /// The line on which the window begins.
        var line: Int
        var isInBadLine = false
        var lines = 0
        /// Bytes of the window that are done with.
        var consumed = 0
    }

    private init(
        _ window: consuming ByteBuffer, isFinal: Bool, _ columns: EventColumns, columnCount: Int, _ place: Place
    ) {
        self.columns = columns
        self.columnCount = columnCount
        self.window = window
        self.isFinal = isFinal
        self.place = place
    }

    /// Reads the header.
    static func open(_ input: inout InputFile, _ mapping: EventMapping) throws(CommandError) -> EventStream {
        var window = ByteBuffer(capacity: windowBytes * 2)
        var isFinal = false
        while !isFinal, window.count < windowBytes { isFinal = try !input.read(into: &window) }
        let (header, place) = try readHeader(window.span, isFinal, input.path)
        let columns = try EventColumns(header, mapping, file: input.path)
        window.removeFirst(place.consumed)
        return EventStream(window, isFinal: isFinal, columns, columnCount: header.names.count, place)
    }

    private static func readHeader(
        _ text: Span<UInt8>, _ isFinal: Bool, _ path: String
    ) throws(CommandError) -> (CSVHeader, Place) {
        do throws(CSVError) {
            var reader = CSVReader(text, isFinal: isFinal, recordBytesMax: recordBytesMax)
            let header = try reader.header()
            return (header, Place(line: reader.nextLine, consumed: reader.consumed))
        } catch {
            throw CommandError(
                .data, "\(path): \(error)", code: "bad_header",
                place: CommandError.Place(file: path, line: error.line))
        }
    }

    /// Sends all the events of the file.
    mutating func run(
        _ input: inout InputFile, _ encoder: inout EventEncoder, _ rejects: inout RejectsFile,
        _ progress: inout Progress, _ session: inout CommandSession
    ) throws(CommandError) {
        while true {
            try Self.encode(
                window, input.path, isFinal, columnCount, &place, &encoder, &rows, &rejects)
            window.removeFirst(place.consumed)
            if isFinal { rows.finish() }
            if rows.bytes.count >= Self.pieceBytes || isFinal { try send(&session) }
            progress.update(input.bytesRead, of: input.size, unit: "bytes")
            if isFinal { return }
            isFinal = try !input.read(into: &window)
        }
    }

    /// Turns the whole records of a window into rows.
    private static func encode(
        _ window: borrowing ByteBuffer, _ name: String, _ isFinal: Bool, _ columnCount: Int, _ place: inout Place,
        _ encoder: inout EventEncoder, _ rows: inout BinaryCopy, _ rejects: inout RejectsFile
    ) throws(CommandError) {
        var reader = CSVReader(
            window.span, isFinal: isFinal, width: columnCount, line: place.line, recordBytesMax: recordBytesMax)
        if place.isInBadLine { reader.skipRestOfLine() }
        loop: while true {
            let start = reader.consumed
            let rejection: EventRejection
            let record: Range<Int>
            switch CSVStep(&reader) {
            case .end: break loop
            case .record:
                place.lines += 1
                guard let reason = encoder.encode(reader, into: &rows) else { continue }
                rejection = reason
                record = reader.trimmed(start..<reader.consumed)
            case .bad(let error):
                guard let skipped = reader.skipBadRecord() else { break loop }
                place.lines += 1
                rejection = .unreadable(error.kind)
                record = skipped
            }
            try rejects.add(name, line: reader.line, rejection.text, reader.bytes(in: record))
        }
        place.line = reader.nextLine
        place.isInBadLine = reader.isInBadLine
        place.consumed = reader.consumed
    }

    private mutating func send(_ session: inout CommandSession) throws(CommandError) {
        do throws(PostgresError) { try session.connection.copy(rows.bytes) } catch { throw CommandError(error) }
        rows.removeAll()
    }
}
