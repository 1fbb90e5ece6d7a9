import Bytes
import Learning

extension InputFile {
    private static let windowBytes = 1 << 20

    /// Reads a whole table and the checksum of its file, holding no more of the text than a window of it.
    static func readTable(
        _ path: String, _ layout: CSVLayout
    ) throws(CommandError) -> (table: RawTable, sha256: String) {
        var input = try open(path)
        var reader = CSVTableReader(layout)
        var window = ByteBuffer(capacity: windowBytes * 2)
        var isFinal = false
        var text = 0
        while !isFinal {
            let wanted = max(windowBytes, window.count + 1)
            while window.count < wanted, !isFinal { isFinal = try !input.read(into: &window) }
            let isFirst = reader.rows == 0
            let consumed: Int
            do throws(TrainingError) { consumed = try reader.read(window.span, isFinal: isFinal) } catch {
                throw CommandError(training: error, file: path)
            }
            window.removeFirst(consumed)
            text += consumed
            if isFirst, let size = input.size, text > 0, !isFinal {
                // From the length of the first lines, a little more than there may be.
                reader.expect(rows: reader.rows * (size / text + 1) * 21 / 20)
            }
        }
        do throws(TrainingError) { return (try reader.finish(), input.finish().sha256) } catch {
            throw CommandError(training: error, file: path)
        }
    }
}
