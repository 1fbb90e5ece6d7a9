import CLinux
import Glibc

/// An exclusive lock on a file (flock), held until its owner or the process ends, however it ends.
package struct FileLock: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    private init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    /// Takes the lock, making the file when it is missing.
    ///
    /// - Returns: nil when somebody else holds it.
    package static func acquire(_ path: String) throws(SystemError) -> FileLock? {
        let file = try File.open(path, .append, mode: 0o600)
        let number = file.number
        guard try systemCall("flock \(path)", { flock(number, LOCK_EX | LOCK_NB) }) != nil else { return nil }
        return FileLock(file)
    }
}
