import Bytes
import Digest
import Gzip
import Linux

/// A file, or standard input, read once from front to end: unpacked where it is gzip, with the checksum of its bytes.
struct InputFile: ~Copyable {
    /// `-`, or the path as it was given.
    let path: String
    /// How long the file is; nil for what is no file.
    let size: Int?
    /// How many bytes of the file were read, packed ones where it is gzip.
    private(set) var bytesRead = 0

    private let file: FileDescriptor
    private var digest = SHA256()
    private var inflater: Inflater?
    /// Bytes of the file that were not unpacked yet, from `packedStart` on.
    private var packed = ByteBuffer(capacity: Self.chunkBytes)
    private var packedStart = 0
    private var isAtEnd = false
    private var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)

    private static let chunkBytes = 1 << 17

    private init(_ path: String, _ file: consuming FileDescriptor, size: Int?) {
        self.path = path
        self.file = file
        self.size = size
        inflater = nil
    }

    /// Opens a file, or standard input for `-`, and looks whether it is gzip.
    static func open(_ path: String) throws(CommandError) -> InputFile {
        let size = path == "-" ? nil : try fileSize(path)
        var input = InputFile(path, try descriptor(path), size: size)
        if try input.startsAsGzip() { input.inflater = Inflater() }
        return input
    }

    private static func fileSize(_ path: String) throws(CommandError) -> Int? {
        do throws(SystemError) {
            guard let status = try File.status(path) else { return nil }
            if status.isDirectory { throw SystemError.isDirectory(path) }
            return status.size
        } catch {
            throw CommandError(reading: path, error)
        }
    }

    private static func descriptor(_ path: String) throws(CommandError) -> FileDescriptor {
        if path == "-" { return FileDescriptor(owning: 0) }
        do throws(SystemError) { return try File.open(path, .read) } catch { throw CommandError(reading: path, error) }
    }

    /// The last part of the path; `-` for standard input.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Appends the next bytes of the text.
    ///
    /// - Returns: false at the end, where nothing was appended.
    mutating func read(into text: inout ByteBuffer) throws(CommandError) -> Bool {
        let start = text.count
        while text.count == start {
            if packedStart == packed.count, try !fill() {
                try finishUnpacking(&text, start)
                return text.count > start
            }
            if inflater == nil {
                text.append(packed, packedStart..<packed.count)
                packedStart = packed.count
            } else {
                try unpack(into: &text)
            }
        }
        return true
    }

    /// The checksum of all the bytes that were read, and their number.
    consuming func finish() -> (sha256: String, bytes: Int) {
        let bytes = bytesRead
        return (digest.finish().hexadecimal, bytes)
    }

    /// The checksum of a whole file, without unpacking it.
    static func sha256(_ path: String) throws(CommandError) -> String {
        var file = try open(path)
        repeat { file.packedStart = file.packed.count } while try file.fill()
        return file.finish().sha256
    }

    // MARK: Steps

    /// RFC 1952 §2.3.1: the two bytes of every gzip file; no text of events begins with them.
    private mutating func startsAsGzip() throws(CommandError) -> Bool {
        while packed.count < 2 { if try !fill() { return false } }
        return packed[0] == 0x1F && packed[1] == 0x8B
    }

    /// Reads more of the file; false at its end.
    private mutating func fill() throws(CommandError) -> Bool {
        if isAtEnd { return false }
        if packedStart == packed.count {
            packed.removeAll()
            packedStart = 0
        }
        let count: Int
        do throws(SystemError) { count = try file.read(into: &chunk) ?? 0 } catch {
            throw CommandError(reading: path, error)
        }
        bytesRead += count
        let bytes = chunk
        digest.update(bytes.span.extracting(0..<count))
        packed.append(bytes.span.extracting(0..<count))
        isAtEnd = count == 0
        return !isAtEnd
    }

    private mutating func unpack(into text: inout ByteBuffer) throws(CommandError) {
        do throws(GzipError) {
            packedStart += try inflater!.inflate(
                packed, packedStart..<packed.count, into: &text, limit: Self.chunkBytes)
        } catch {
            throw damaged(error)
        }
    }

    /// At the end of the file: what the inflater still holds, then the proof that it is whole.
    private mutating func finishUnpacking(_ text: inout ByteBuffer, _ start: Int) throws(CommandError) {
        guard inflater != nil else { return }
        try unpack(into: &text)
        guard text.count == start else { return }
        do throws(GzipError) { try inflater!.finish() } catch { throw damaged(error) }
    }

    private func damaged(_ error: GzipError) -> CommandError {
        CommandError(.data, "\(path): \(error)", code: "damaged_file", place: CommandError.Place(file: path))
    }
}

extension CommandError {
    /// A file that could not be read.
    init(reading path: String, _ error: SystemError) {
        self.init(
            error.isMissingFile ? .fileMissing : .inputOutput, "\(path): \(error.reason)", place: Place(file: path))
    }
}
