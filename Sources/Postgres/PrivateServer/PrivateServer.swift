import Glibc
import Linux

/// A PostgreSQL of our own, for those who did not bring one: no TCP port, its data in a folder of ours.
///
/// Several programs may share the folder. The one that holds the lock on it owns the server: it starts it and stops it.
/// The others are guests; when the owner goes, the server goes with it, and the guest that gets the lock starts it again.
///
/// The server ends when the *thread* that started it ends (PR_SET_PDEATHSIG), whatever happens to us: so `start` and
/// `ensureRunning` belong on a thread that lives as long as the program.
package struct PrivateServer: ~Copyable, Sendable {
    private let layout: PrivateServerLayout
    /// Held by the owner.
    private var lock: FileLock?
    private var process: ChildProcess?
    private var hasProcess = false

    /// Whether the server is ours to start and stop.
    package private(set) var isOwner = false

    /// How long processes that someone left behind may take to end by themselves.
    private let leftoversMilliseconds: Int
    /// How long recovery after a crash may take.
    private static let startMilliseconds = 600_000
    /// How long a fast shutdown may take, with its checkpoint; what is not done then is done by recovery.
    private static let stopMilliseconds = 3000

    /// Starts the server, or finds the one that another program started, and waits until it takes connections.
    ///
    /// To be called before there are other threads: it removes the `PG…` variables, which are meant for another server,
    /// from the environment.
    /// - Parameters:
    ///   - folder: where data, lock and log are; nil is `/var/lib/churn` for root, else `.churn`.
    ///   - leftoversMilliseconds: how long processes that someone left behind may take to end by themselves.
    package static func start(
        folder: String? = nil, leftoversMilliseconds: Int = 10_000
    ) throws(PrivateServerError) -> PrivateServer {
        forgetServerVariables()
        let layout = try PrivateServerLayout(folder: folder)
        var server = PrivateServer(layout: layout, leftoversMilliseconds: leftoversMilliseconds)
        try server.ensureRunning()
        return server
    }

    private init(layout: PrivateServerLayout, leftoversMilliseconds: Int) {
        self.layout = layout
        self.leftoversMilliseconds = leftoversMilliseconds
    }

    /// Nothing is lost when this is cut short: what was committed is in the log that recovery reads.
    deinit {
        guard hasProcess, var process = consume process else { return }
        process.end(patienceMilliseconds: Self.stopMilliseconds)
        // The lock is still ours: nobody makes a socket there now.
        try? File.removeTree(layout.socketFolder)
    }

    /// A libpq connection string for it.
    package var conninfo: String { layout.conninfo }

    /// Its own log.
    package var log: String { layout.log }

    /// Stops the server, if it is ours, within about three seconds; the next owner may start it after that.
    package consuming func stop() {}

    /// Starts the server again if it ended, and takes it over if its owner went away.
    ///
    /// Waits until it takes connections. Costs a few system calls when all is well.
    package mutating func ensureRunning() throws(PrivateServerError) {
        let deadline = monotonicMilliseconds() + Self.startMilliseconds
        while true {
            if !isOwner { try takeOver() }
            if isOwner { return try ensureProcess() }
            if ownersServerIsReady { return }
            guard monotonicMilliseconds() < deadline else {
                throw PrivateServerError("the owner of \(layout.folder) does not start its PostgreSQL")
            }
            poll(nil, 0, 20)
        }
    }

    /// The file may be older than the owner, who removes it only when he starts the server: a machine that lost its power
    /// leaves one that says ready, and names whatever process has that number today.
    private var ownersServerIsReady: Bool {
        guard let file = PostmasterFile(path: layout.postmasterFile), file.isReady else { return false }
        return ServerProcesses.works(file.process, in: layout.data)
    }

    private mutating func takeOver() throws(PrivateServerError) {
        let path = layout.lock
        guard let lock = try translating({ () throws(SystemError) in try FileLock.acquire(path) }) else { return }
        self.lock = consume lock
        isOwner = true
    }

    private mutating func ensureProcess() throws(PrivateServerError) {
        if hasProcess {
            if !process!.hasEnded { return }
            hasProcess = false
        }
        try ServerProcesses.awaitEnd(in: layout.data, patienceMilliseconds: leftoversMilliseconds)
        let started = try layout.start(patienceMilliseconds: Self.startMilliseconds)
        process = consume started
        hasProcess = true
    }
}

/// Removes PGHOST, PGOPTIONS, PGSERVICE and all their like.
private func forgetServerVariables() {
    var names: [String] = []
    var entry = unsafe environ
    while let text = unsafe entry.pointee {
        let variable = unsafe String(cString: text)
        if variable.hasPrefix("PG"), let end = variable.firstIndex(of: "=") { names.append(String(variable[..<end])) }
        unsafe entry += 1
    }
    for name in names { unsafe unsetenv(name) }
}
