import Glibc
import Postgres
import TestSupport
import Testing

/// A PostgreSQL of our own, started, stopped, killed, shared and found in ruins.
@Suite struct PrivateServerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder("churn-private") }

    private func start() throws -> PrivateServer {
        try PrivateServer.start(folder: folder.path, leftoversMilliseconds: 200)
    }

    private func value(_ server: borrowing PrivateServer, _ sql: String) throws -> String {
        var connection = try Connection(server.conninfo, as: .command)
        return try connection.execute(sql).text(0, 0) ?? "NULL"
    }

    private func postmaster() -> pid_t? {
        text(ofFile: folder.path + "/data/postmaster.pid").split(separator: "\n").first.flatMap { pid_t($0) }
    }

    @Test func `it starts from nothing with its settings, and keeps its data over a stop`() throws {
        unsafe setenv("PGCHURNTEST", "someone else's", 1)
        let server = try start()
        #expect(unsafe getenv("PGCHURNTEST") == nil)
        #expect(server.isOwner == true)
        let settings = """
            SELECT string_agg(setting, ' ' ORDER BY name) FROM pg_settings WHERE name IN ('listen_addresses', 'fsync',
                'max_wal_size', 'checkpoint_timeout', 'log_error_verbosity', 'server_encoding', 'lc_collate')
            """
        #expect(try value(server, settings) == "900 on C  terse 4096 UTF8")
        _ = try Psql(server.conninfo).rows("CREATE TABLE kept AS SELECT 'kept' AS word")
        let before = monotonicSeconds()
        server.stop()
        #expect(monotonicSeconds() - before < 3.5)
        #expect(postmaster() == nil)
        let again = try start()
        #expect(try value(again, "SELECT word FROM kept") == "kept")
    }

    @Test func `it is started again after a crash of the whole server`() throws {
        var server = try start()
        try server.ensureRunning()
        let first = try #require(postmaster())
        _ = try Psql(server.conninfo).rows("CREATE TABLE kept ()")
        kill(first, SIGKILL)
        try eventually("the end of \(first)") { kill(first, 0) != 0 || postmasterIsZombie(first) }
        try server.ensureRunning()
        #expect(postmaster() != first)
        #expect(try value(server, "SELECT count(*)::text FROM kept") == "0")
    }

    @Test func `a guest uses the owner's server, and takes it over when the owner goes`() throws {
        let owner = try start()
        _ = try Psql(owner.conninfo).rows("CREATE TABLE kept ()")
        var guest = try start()
        #expect(guest.isOwner == false)
        #expect(guest.conninfo == owner.conninfo)
        #expect(try value(guest, "SELECT count(*)::text FROM kept") == "0")
        owner.stop()
        try guest.ensureRunning()
        #expect(guest.isOwner == true)
        #expect(try value(guest, "SELECT count(*)::text FROM kept") == "0")
    }

    @Test(arguments: [true, false])
    func `processes that someone left behind are waited for, or ended`(stuck: Bool) throws {
        let server = try start()
        let socket = try #require(server.conninfo.split(separator: " ").first).dropFirst(5)
        server.stop()
        let user = geteuid() == 0 ? "postgres" : nil
        let command = [
            "/usr/lib/postgresql/15/bin/postgres", "-D", folder.path + "/data", "-k", "\(socket)",
            "-c", "listen_addresses=",
        ]
        _ = try output(of: ["install", "-d", "-m", "700", "-o", user ?? "\(geteuid())", "\(socket)"])
        let orphan = try ChildProcess(command, user: user)
        try eventually("the orphan") { text(ofFile: folder.path + "/data/postmaster.pid").contains("ready") }
        orphan.send(stuck ? SIGSTOP : SIGINT)
        let reaper = BackgroundThread { _ = try? orphan.waitForExit(within: 20) }
        let again = try start()
        reaper.join()
        #expect(orphan.poll() == .signal(SIGKILL) || (!stuck && orphan.poll() == .code(0)))
        #expect(try value(again, "SELECT 'up'") == "up")
    }

    @Test func `a stale file that names a living process of somebody else does not stop it`() throws {
        let server = try start()
        server.stop()
        let sleeper = try somebodyElse()
        try write(postmasterFile(naming: sleeper).utf8, toFile: folder.path + "/data/postmaster.pid")
        let again = try start()
        #expect(try value(again, "SELECT 'up'") == "up")
        #expect(sleeper.poll() == nil)
    }

    @Test func `a guest does not take a stale file for the owner's server`() throws {
        try startAndStop()
        let sleeper = try somebodyElse()
        let stale = postmasterFile(naming: sleeper)
        let path = folder.path + "/data/postmaster.pid"
        try #require(unsafe mkfifo(path, 0o644) == 0)
        let owner = unsafe open(folder.path + "/lock", O_RDWR | O_CLOEXEC)
        defer { close(owner) }
        try #require(flock(owner, LOCK_EX) == 0)
        // A pipe is opened when the guest opens it, and read when it is closed: the owner goes in between.
        let owning = BackgroundThread {
            let pipe = unsafe open(path, O_WRONLY | O_CLOEXEC)
            _ = unsafe Glibc.write(pipe, stale, stale.utf8.count)
            flock(owner, LOCK_UN)
            close(pipe)
        }
        let guest = try start()
        owning.join()
        #expect(guest.isOwner == true)
        #expect(try value(guest, "SELECT 'up'") == "up")
    }

    private func somebodyElse() throws -> ChildProcess {
        try ChildProcess(["sleep", "60"], user: geteuid() == 0 ? "postgres" : nil)
    }

    private func postmasterFile(naming process: ChildProcess) -> String {
        "\(process.pid)\n\(folder.path)/data\n1\n5432\n\n\n0 0\nready   \n"
    }

    @Test func `an initialisation that was cut short is done again`() throws {
        _ = try output(of: ["mkdir", folder.path + "/data.new"])
        try write("half".utf8, toFile: folder.path + "/data.new/PG_VERSION")
        let server = try start()
        #expect(try value(server, "SELECT 'up'") == "up")
        #expect(try output(of: ["ls", folder.path]) == "data\nlock\npostgres.log\n")
    }

    @Test func `data of a version that is not installed names the way out`() throws {
        _ = try output(of: ["mkdir", folder.path + "/data"])
        try write("12\n".utf8, toFile: folder.path + "/data/PG_VERSION")
        let error = #expect(throws: PrivateServerError.self) { try startAndStop() }
        #expect(
            error?.description == """
                the data in \(folder.path)/data belongs to PostgreSQL 12, which is not installed; install it, or move the \
                data to another version with pg_upgrade -d \(folder.path)/data, or with pg_dumpall | psql where both are \
                installed
                """)
    }

    @Test(arguments: [("777", true), ("700", false)])
    func `a socket folder that is not ours alone is refused`(mode: String, isOwned: Bool) throws {
        // Only root can make a folder that belongs to somebody else than the server.
        guard isOwned || geteuid() == 0 else { return }
        let server = try start()
        let socket = try #require(server.conninfo.split(separator: " ").first).dropFirst(5)
        server.stop()
        let owner = geteuid() == 0 && isOwned ? "postgres" : "\(geteuid())"
        _ = try output(of: ["install", "-d", "-m", mode, "-o", owner, "\(socket)"])
        let error = #expect(throws: PrivateServerError.self) { try startAndStop() }
        #expect(error?.description == "\(socket) is not ours alone: remove it")
        #expect(unsafe rmdir("\(socket)") == 0)
    }

    @Test func `a server that cannot start says what PostgreSQL said`() throws {
        let server = try start()
        server.stop()
        let path = folder.path + "/data/postgresql.conf"
        try write((text(ofFile: path) + "\nnonsense = 1\n").utf8, toFile: path)
        let error = #expect(throws: PrivateServerError.self) { try startAndStop() }
        #expect(error?.description.contains("unrecognized configuration parameter \"nonsense\"") == true)
    }

    private func startAndStop() throws { try start().stop() }

    private func postmasterIsZombie(_ pid: pid_t) -> Bool {
        text(ofFile: "/proc/\(pid)/stat").contains(") Z ")
    }
}
