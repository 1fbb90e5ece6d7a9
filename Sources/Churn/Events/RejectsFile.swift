import Bytes
import Linux

/// The lines that were no events, each with its reason, as CSV; for its owner's eyes only, since customers are in it.
///
/// The file is made with the first of them; one that an earlier load left goes away before.
struct RejectsFile: ~Copyable {
    let path: String
    private(set) var count = 0
    private var hasBegun = false
    private var file = FileDescriptor.none
    private var buffer = ByteBuffer(capacity: 1 << 16)

    init(_ path: String) { self.path = path }

    /// A load begins: what an earlier one left is no longer true.
    mutating func begin() throws(CommandError) {
        if hasBegun { return }
        hasBegun = true
        do throws(SystemError) { try File.remove(path) } catch { throw failure(error) }
    }

    /// - Parameters:
    ///   - name: of the file that was read.
    ///   - record: the bytes of the line, or of several where a quoted field has line ends.
    mutating func add(
        _ name: String, line: Int, _ reason: String, _ record: Span<UInt8>
    ) throws(CommandError) {
        if count == 0 { try make() }
        count += 1
        append(quoted: Array(name.utf8).span)
        buffer.append(byte: 0x2C)
        buffer.append(decimal: line)
        buffer.append(byte: 0x2C)
        append(quoted: Array(reason.utf8).span)
        buffer.append(byte: 0x2C)
        append(quoted: record)
        buffer.append(byte: 0x0A)
        if buffer.count > 1 << 16 { try flush() }
    }

    private mutating func make() throws(CommandError) {
        // Created, never opened: what lies there with other rights is not written to.
        do throws(SystemError) { file = try File.open(path, .create, mode: 0o600) } catch { throw failure(error) }
        buffer.append("file,line,reason,record\n")
    }

    /// Writes what is left.
    mutating func flush() throws(CommandError) {
        if buffer.isEmpty { return }
        do throws(SystemError) { try file.write(buffer.span) } catch { throw failure(error) }
        buffer.removeAll()
    }

    private func failure(_ error: SystemError) -> CommandError {
        CommandError(.inputOutput, "rejects file \(path): \(error.reason)", place: CommandError.Place(file: path))
    }

    private mutating func append(quoted text: Span<UInt8>) {
        buffer.append(byte: 0x22)
        for offset in text.indices {
            if text[offset] == 0x22 { buffer.append(byte: 0x22) }
            buffer.append(byte: text[offset])
        }
        buffer.append(byte: 0x22)
    }
}
