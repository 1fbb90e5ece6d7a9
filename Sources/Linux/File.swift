import Glibc

/// Files and directories by path, off the request path: every call may block.
package enum File {
    /// What a path names; symbolic links are followed.
    package struct Status: Equatable, Sendable {
        package let isDirectory: Bool
        package let size: Int
        package let owner: UInt32

        /// The permission bits.
        package let mode: UInt32
    }

    /// What is at `path`; nil when nothing is.
    package static func status(_ path: String) throws(SystemError) -> Status? {
        var information = stat()
        do throws(SystemError) {
            try immediately("stat \(path)") { unsafe stat(path, &information) }
        } catch {
            if error.isMissingFile || error.code == ENOTDIR { return nil }
            throw error
        }
        return Status(
            isDirectory: information.st_mode & S_IFMT == S_IFDIR, size: information.st_size, owner: information.st_uid,
            mode: information.st_mode & 0o7777)
    }

    /// How a file is opened.
    package enum Access: Sendable {
        case read
        /// Makes the file when it is missing and empties it when it is not.
        case replace
        /// Makes the file when it is missing; writing adds to its end.
        case append
        /// Makes the file; fails when there is one.
        case create
    }

    /// Opens `path`; a program that is started does not inherit it.
    package static func open(_ path: String, _ access: Access, mode: UInt32 = 0o644) throws(SystemError)
        -> FileDescriptor
    {
        let flags =
            switch access {
            case .read: O_RDONLY
            case .replace: O_WRONLY | O_CREAT | O_TRUNC
            case .append: O_WRONLY | O_CREAT | O_APPEND
            case .create: O_WRONLY | O_CREAT | O_EXCL
            }
        return FileDescriptor(
            owning: try immediately("open \(path)") { unsafe Glibc.open(path, flags | O_CLOEXEC, mode) })
    }

    /// The bytes of a file.
    ///
    /// - Throws: also when it is longer than `limit` (EFBIG).
    package static func read(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
        let file = try open(path, .read)
        var bytes: [UInt8] = []
        // Not by its size: that of a file in /proc is 0.
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = try file.read(into: &chunk) ?? 0
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            if bytes.count > limit { throw SystemError(code: EFBIG, call: "read \(path)") }
        }
    }

    /// The text of a file, invalid UTF-8 repaired.
    package static func readText(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> String {
        String(decoding: try read(path, limit: limit), as: UTF8.self)
    }

    /// Writes a whole file so that after a crash either the old one or the new one is there.
    package static func write(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o644) throws(SystemError) {
        let temporary = "\(path).\(getpid()).new"
        do throws(SystemError) {
            let file = try open(temporary, .replace, mode: mode)
            try file.write(bytes.span)
            try file.synchronize()
            try rename(temporary, to: path)
        } catch {
            _ = unsafe unlink(temporary)
            throw error
        }
    }

    package static func rename(_ path: String, to target: String) throws(SystemError) {
        try immediately("rename \(path)") { unsafe Glibc.rename(path, target) }
    }

    /// Removes a file; a missing one is no error.
    package static func remove(_ path: String) throws(SystemError) {
        do throws(SystemError) {
            try immediately("unlink \(path)") { unsafe unlink(path) }
        } catch {
            if !error.isMissingFile { throw error }
        }
    }

    package static func changeOwner(_ path: String, user: UInt32, group: UInt32) throws(SystemError) {
        try immediately("chown \(path)") { unsafe chown(path, user, group) }
    }

    package static func changeMode(_ path: String, _ mode: UInt32) throws(SystemError) {
        try immediately("chmod \(path)") { unsafe chmod(path, mode) }
    }

    /// Where a symbolic link points to, such as `/proc/1/exe`.
    package static func target(ofLink path: String) throws(SystemError) -> String {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = try immediately("readlink \(path)") { unsafe readlink(path, &bytes, bytes.count) }
        return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
