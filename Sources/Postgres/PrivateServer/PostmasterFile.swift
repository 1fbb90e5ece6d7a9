import Linux

/// What the file `postmaster.pid` says: the server's process and whether it takes connections.
struct PostmasterFile: Equatable, Sendable {
    let process: Int32
    let isReady: Bool

    /// - Returns: nil when there is no such file, or it is being written.
    init?(path: String) {
        guard let text = try? File.readText(path) else { return nil }
        self.init(text: text)
    }

    /// Line 1 is the process id, line 8 the state (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_…).
    init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        // A server in single-user mode writes its id negated.
        guard let process = lines.first.flatMap({ Int32($0) }), process > 0 else { return nil }
        self.process = process
        isReady = lines.count > 7 && lines[7].hasPrefix("ready")
    }
}
