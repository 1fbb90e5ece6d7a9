import Glibc

/// Directories.
extension File {
    /// Makes a directory with exactly these permission bits, whatever the process's mask is.
    ///
    /// - Returns: false when a directory is there already; its bits are left alone.
    @discardableResult
    package static func makeDirectory(_ path: String, mode: UInt32 = 0o755) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try immediately("mkdir \(path)") { unsafe mkdir(path, mode) }
        } catch {
            if error.fileExists, try status(path)?.isDirectory == true { return false }
            throw error
        }
        try changeMode(path, mode)
        return true
    }

    /// Makes a directory and those above it that are missing.
    package static func makeDirectories(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        do throws(SystemError) {
            try makeDirectory(path, mode: mode)
        } catch {
            guard error.isMissingFile, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
                throw error
            }
            try makeDirectories(String(path[..<slash]), mode: mode)
            try makeDirectory(path, mode: mode)
        }
    }

    /// Makes a new directory of our own (0700) under `/tmp` or `parent`, and returns its path.
    package static func makeTemporaryDirectory(_ prefix: String, under parent: String = "/tmp") throws(SystemError)
        -> String
    {
        var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw SystemError(code: errno, call: "mkdtemp \(parent)/\(prefix)")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The names in a directory, sorted, without `.` and `..`.
    package static func list(_ path: String) throws(SystemError) -> [String] {
        guard let directory = unsafe opendir(path) else { throw SystemError(code: errno, call: "opendir \(path)") }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file, or a directory with all that is in it; a missing one is no error.
    ///
    /// Symbolic links are removed, not followed.
    package static func removeTree(_ path: String) throws(SystemError) {
        var information = stat()
        guard unsafe lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
            return try remove(path)
        }
        for name in try list(path) { try removeTree("\(path)/\(name)") }
        try immediately("rmdir \(path)") { unsafe rmdir(path) }
    }
}
