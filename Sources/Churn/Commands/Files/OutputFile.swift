import Digest
import Glibc
import Linux

/// A file in the making: written beside its place and put there when it is whole, so that nobody sees half of it.
struct OutputFile: ~Copyable {
    let path: String
    private let temporary: String
    private let file: FileDescriptor
    private var digest: SHA256? = SHA256()
    private var isDone = false

    private init(_ path: String, _ temporary: String, _ file: consuming FileDescriptor) {
        self.path = path
        self.temporary = temporary
        self.file = file
    }

    static func create(_ path: String) throws(CommandError) -> OutputFile {
        let temporary = "\(path).\(getpid()).new"
        do throws(SystemError) {
            return OutputFile(path, temporary, try File.open(temporary, .replace))
        } catch {
            throw CommandError(writing: path, error)
        }
    }

    deinit { if !isDone { try? File.remove(temporary) } }

    mutating func append(_ bytes: Span<UInt8>) throws(CommandError) {
        digest?.update(bytes)
        do throws(SystemError) { try file.write(bytes) } catch { throw CommandError(writing: path, error) }
    }

    /// Puts the file in its place, unless one with the same bytes is there.
    ///
    /// - Returns: the checksum, and whether nothing was changed.
    mutating func finish() throws(CommandError) -> (sha256: String, isUnchanged: Bool) {
        guard let digest = digest.take() else { preconditionFailure("a file was finished twice") }
        let sha256 = digest.finish().hexadecimal
        if let old = try? InputFile.sha256(path), old == sha256 { return (sha256, true) }
        do throws(SystemError) {
            try file.synchronize()
            try File.rename(temporary, to: path)
        } catch {
            throw CommandError(writing: path, error)
        }
        isDone = true
        return (sha256, false)
    }
}

extension CommandError {
    /// A file that could not be written.
    init(writing path: String, _ error: SystemError) {
        self.init(.inputOutput, "\(path): \(error.reason)", place: Place(file: path))
    }
}
