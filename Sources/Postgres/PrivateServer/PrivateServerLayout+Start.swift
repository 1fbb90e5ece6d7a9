import Glibc
import Linux

extension PrivateServerLayout {
    /// Makes the data if there is none, starts the server and waits until it takes connections.
    ///
    /// The lock must be held and no process may work on the data.
    func start(patienceMilliseconds: Int) throws(PrivateServerError) -> ChildProcess {
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
        let programs = try ServerPrograms.choose(
            dataVersion: dataVersion(), data: data, from: ServerPrograms.installed(path: path, scratch: folder))
        if !hasData { try makeData(programs) }
        try makeSocketFolder()
        // It names a process that is gone, or, after a restart of the machine, one that has nothing to do with it.
        try translating { () throws(SystemError) in try File.remove(postmasterFile) }
        do throws(PrivateServerError) {
            var process = try run(programs, "postgres", serverArguments, isServer: true)
            try awaitReadiness(&process, patienceMilliseconds)
            return process
        } catch {
            try? File.removeTree(socketFolder)
            throw error
        }
    }

    private var hasData: Bool { ((try? File.status(data)) ?? nil) != nil }

    /// The version that made the data; nil when there is none yet.
    private func dataVersion() throws(PrivateServerError) -> Int? {
        guard hasData else { return nil }
        let text = try translating { () throws(SystemError) in try File.readText(data + "/PG_VERSION") }
        guard let version = Int(text.prefix { $0.isNumber }) else {
            throw PrivateServerError("\(data)/PG_VERSION cannot be read: is this the data of a PostgreSQL?")
        }
        return version
    }

    /// Under another name until it is complete, so that a cut in between leaves nothing that looks like data.
    private func makeData(_ programs: ServerPrograms) throws(PrivateServerError) {
        try translating { () throws(SystemError) in try File.removeTree(unfinishedData) }
        let end = try run(
            programs, "initdb",
            [
                "-D", unfinishedData, "-U", "churn", "-E", "UTF8", "--locale=C", "--auth=trust", "--no-instructions",
            ], isServer: false
        ).end()
        guard end == .exited(0) else { throw PrivateServerError("initdb failed\(logTail())") }
        try translating { () throws(SystemError) in
            try File.rename(unfinishedData, to: data)
            // A rename that a power cut undoes would take everything stored meanwhile with it.
            try File.open(folder, .read).synchronize()
        }
    }

    private var serverArguments: [String] {
        [
            "-D", data, "-k", socketFolder, "-p", "5432",
            "-c", "listen_addresses=", "-c", "max_wal_size=4GB", "-c", "checkpoint_timeout=15min",
            // No DETAIL and no CONTEXT in the log, which would quote values of rows.
            "-c", "log_error_verbosity=terse", "-c", "log_min_error_statement=panic",
        ]
    }

    private func run(
        _ programs: ServerPrograms, _ program: String, _ arguments: [String], isServer: Bool
    ) throws(PrivateServerError) -> ChildProcess {
        var command = ChildProcess.Command(
            "\(programs.folder)/\(program)", arguments,
            environment: ["PATH=\(programs.folder):/usr/bin:/bin", "LC_ALL=C"])
        command.directory = "/"
        command.user = user
        command.hasOwnSession = true
        // SIGINT is the fast shutdown of a server: it does not wait for its clients.
        command.deathSignal = isServer ? SIGINT : SIGTERM
        let prepared = command
        return try translating { () throws(SystemError) in
            let log = try File.open(log, .append, mode: 0o600)
            return try ChildProcess(prepared, output: log.number)
        }
    }

    private func awaitReadiness(_ process: inout ChildProcess, _ patience: Int) throws(PrivateServerError) {
        let deadline = monotonicMilliseconds() + patience
        while true {
            if let file = PostmasterFile(path: postmasterFile), file.process == process.identifier, file.isReady {
                return
            }
            if process.hasEnded { throw PrivateServerError("PostgreSQL did not start\(logTail())") }
            guard monotonicMilliseconds() < deadline else {
                process.end(patienceMilliseconds: 0)
                throw PrivateServerError("PostgreSQL was not ready in time\(logTail())")
            }
            poll(nil, 0, 10)
        }
    }

    /// The last lines of the log, where the reason is.
    private func logTail() -> String {
        guard let text = try? File.readText(log, limit: 64 << 20) else { return "" }
        return ": " + text.split(separator: "\n").suffix(3).joined(separator: " | ")
    }
}

extension ChildProcess {
    /// Whether it has ended, and been reaped; an error means that it is no child of ours any more.
    var hasEnded: Bool {
        mutating get {
            do throws(SystemError) { return try poll() != nil } catch { return true }
        }
    }

    /// Waits until it has ended.
    fileprivate consuming func end() throws(PrivateServerError) -> End {
        do throws(SystemError) { return try wait() } catch { throw PrivateServerError(error) }
    }

    /// Ends a server: fast, then at once, then by force.
    mutating func end(patienceMilliseconds: Int) {
        for (signal, patience) in [(SIGINT, patienceMilliseconds), (SIGQUIT, 500), (SIGKILL, 10_000)] {
            send(signal)
            let deadline = monotonicMilliseconds() + patience
            repeat {
                if hasEnded { return }
                _ = Glibc.poll(nil, 0, 5)
            } while monotonicMilliseconds() < deadline
        }
    }
}
