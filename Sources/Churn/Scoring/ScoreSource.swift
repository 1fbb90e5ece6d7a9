import Bytes
import Learning

/// The table that is scored, handed out in pieces.
struct ScoreSource: ~Copyable {
    private static let pieceBytes = 1 << 20

    let layout: ScoreLayout
    private var input: InputFile
    private var window: ByteBuffer
    private var cutter: PieceCutter
    private var isAtEnd = false
    private var hasEnded = false

    /// Opens the table and reads its header.
    ///
    /// - Parameter id: the column with the id.
    static func open(_ path: String, _ model: LogisticModel, id: String) throws(CommandError) -> ScoreSource {
        var input = try InputFile.open(path)
        var window = ByteBuffer(capacity: pieceBytes + pieceBytes / 4)
        let isAtEnd = try fill(&window, &input)
        let (layout, cutter, consumed) = try readHeader(window.span, isAtEnd, path, model, id)
        window.removeFirst(consumed)
        return ScoreSource(layout, input, window, cutter, isAtEnd)
    }

    private init(
        _ layout: ScoreLayout, _ input: consuming InputFile, _ window: consuming ByteBuffer, _ cutter: PieceCutter,
        _ isAtEnd: Bool
    ) {
        self.layout = layout
        self.input = input
        self.window = window
        self.cutter = cutter
        self.isAtEnd = isAtEnd
    }

    /// Reads until there is a piece, or nothing more.
    ///
    /// - Returns: whether the table is at its end.
    private static func fill(_ window: inout ByteBuffer, _ input: inout InputFile) throws(CommandError) -> Bool {
        let wanted = max(pieceBytes, window.count + 1)
        while window.count < wanted { if try !input.read(into: &window) { return true } }
        return false
    }

    private static func readHeader(
        _ text: Span<UInt8>, _ isFinal: Bool, _ path: String, _ model: LogisticModel, _ id: String
    ) throws(CommandError) -> (ScoreLayout, PieceCutter, Int) {
        do throws(CSVError) {
            var reader = CSVReader(text, isFinal: isFinal, recordBytesMax: ScorePiece.recordBytesMax)
            let layout = try ScoreLayout(try reader.header(), model.schema, id: id)
            return (layout, PieceCutter(width: layout.width, line: reader.nextLine), reader.consumed)
        } catch {
            throw CommandError(
                .data, "\(path): \(error)", code: "bad_header",
                place: CommandError.Place(file: path, line: error.line))
        }
    }

    /// The next piece; nil at the end.
    mutating func next() throws(CommandError) -> ScorePiece? {
        if hasEnded { return nil }
        while true {
            if !isAtEnd { isAtEnd = try Self.fill(&window, &input) }
            if let (end, mark) = cutter.cut(window, isFinal: isAtEnd) {
                hasEnded = isAtEnd
                var rest = ByteBuffer(capacity: Self.pieceBytes + Self.pieceBytes / 4)
                rest.append(window, end..<window.count)
                window.truncate(to: end)
                swap(&rest, &window)
                return ScorePiece(
                    number: mark.number, bytes: rest, line: mark.line, startsInBadLine: mark.startsInBadLine,
                    isFinal: isAtEnd)
            }
            if isAtEnd {
                hasEnded = true
                return nil
            }
        }
    }

    /// No more pieces: something went wrong with one.
    mutating func stop() { hasEnded = true }
}
