package import Glibc
import Synchronization

/// A PostgreSQL of its own for tests: fresh data, a Unix socket, no TCP port by default, fsync on.
///
/// It is stopped and its data removed when its owner goes; when the test runner is killed, the kernel ends it.
package final class TemporaryPostgres: Sendable {
    /// Of its socket, and of TCP where the settings say that it listens.
    package static let port = 5432

    /// One for all tests that are content with a database of their own in it: that of the suite, else that of this runner.
    package static var shared: TemporaryPostgres { ofSuite ?? ofRunner }

    /// Given to a suite whose tests look at more of a server than their own database.
    @TaskLocal package static var ofSuite: TemporaryPostgres?

    private static let ofRunner: TemporaryPostgres = {
        do {
            let server = try TemporaryPostgres.roomy()
            // A global is never released: without this its data would stay behind.
            atexit { TemporaryPostgres.ofRunner.remove() }
            return server
        } catch {
            fatalError("PostgreSQL for tests: \(error)")
        }
    }()

    /// One that many tests can share.
    package static func roomy() throws -> TemporaryPostgres {
        try TemporaryPostgres(settings: ["max_connections=200", "max_prepared_transactions=4"])
    }

    private let folder: TemporaryFolder
    private let settings: [String]
    private let environment: [String: String]
    private let server = Mutex<ChildProcess?>(nil)
    private let databases = Atomic(0)

    /// Where the data is.
    package var data: String { folder.path + "/data" }

    /// The file of the Unix socket.
    package var socket: String { "\(folder.path)/.s.PGSQL.\(Self.port)" }

    /// What libpq takes for its host: the folder of the socket.
    package var host: String { folder.path }

    /// What PostgreSQL printed.
    package var log: String { text(ofFile: folder.path + "/log") }

    /// Makes the data and waits until the server takes connections.
    ///
    /// - Parameters:
    ///   - settings: `name=value`, as `postgres -c` takes them
    ///   - environment: of the server
    package init(settings: [String] = [], environment: [String: String] = [:]) throws {
        folder = try TemporaryFolder("churn-pg", mode: 0o755)
        self.settings = settings
        self.environment = environment
        if let owner = serverUser { _ = try output(of: ["chown", owner, folder.path]) }
        let initialisation = try ChildProcess(
            [
                "\(postgresPrograms)/initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=trust",
                "--no-sync", "--no-instructions",
            ], user: serverUser, errors: folder.path + "/initdb.log")
        guard try initialisation.waitForExit(within: 60) == .code(0) else {
            throw WaitedTooLong(description: "initdb: " + text(ofFile: folder.path + "/initdb.log"))
        }
        try start()
    }

    deinit { remove() }

    /// A libpq connection string for a database, as superuser.
    package func connection(to database: String = "postgres") -> String {
        "host=\(folder.path) port=\(Self.port) user=postgres dbname=\(database)"
    }

    /// Makes an empty database that nobody else uses, and returns its connection string.
    package func makeDatabase() throws -> String {
        let name = "test_\(databases.add(1, ordering: .relaxed).newValue)"
        _ = try Psql(connection()).rows("CREATE DATABASE \(name)")
        return connection(to: name)
    }

    /// The process id of the postmaster.
    package var pid: pid_t? { server.withLock { $0?.pid } }

    /// Ends the server, cleanly by SIGINT, as in a crash by SIGQUIT or SIGKILL, and waits until it is gone.
    package func stop(_ signal: CInt = SIGINT) throws {
        guard let server = server.withLock({ $0 }) else { return }
        server.send(signal)
        _ = try server.waitForExit(within: 30)
        self.server.withLock { $0 = nil }
    }

    /// Starts the server after `stop` and waits until it takes connections.
    package func start() throws {
        let options = settings.flatMap { ["-c", $0] }
        let command =
            [
                "\(postgresPrograms)/postgres", "-D", data, "-k", folder.path, "-p", "\(Self.port)",
                "-c", "listen_addresses=", "-c", "log_error_verbosity=terse",
            ] + options
        try eventually("PostgreSQL", within: 60) {
            let child = try ChildProcess(
                command, environment: environment, user: serverUser, errors: folder.path + "/log")
            guard try isReady(child) else { return false }
            server.withLock { $0 = child }
            return true
        }
    }

    /// Waits for the word that the postmaster leaves in its file; false when it ended before.
    ///
    /// After a SIGKILL the old backends may hold the shared memory for a moment: then it ends, and starts a little later.
    private func isReady(_ child: ChildProcess) throws -> Bool {
        try eventually("PostgreSQL to be ready", within: 60) {
            if child.poll() != nil { return false }
            let lines = text(ofFile: data + "/postmaster.pid").split(separator: "\n", omittingEmptySubsequences: false)
            let isOurs = lines.first.map { $0 == "\(child.pid)" } ?? false
            return isOurs && lines.count > 7 && lines[7].hasPrefix("ready") ? true as Bool? : nil
        }
    }

    /// Throws the data away, so the quickest end will do.
    private func remove() {
        try? stop(SIGQUIT)
        _ = try? runCommand(["rm", "-rf", "--", folder.path])
    }
}

/// Where Debian puts the programs of its newest PostgreSQL.
private let postgresPrograms: String = {
    let newest = "ls -d /usr/lib/postgresql/*/bin | sort --version-sort | tail -n 1"
    let found = try? output(of: ["sh", "-c", newest]).split(separator: "\n").first
    return found.map(String.init) ?? "/usr/lib/postgresql/bin"
}()

/// PostgreSQL refuses to be root.
private let serverUser: String? = geteuid() == 0 ? "postgres" : nil
