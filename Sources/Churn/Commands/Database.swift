import Logging
import Postgres

/// The PostgreSQL of a service: the one it was told, or a private one.
struct Database: ~Copyable {
    let conninfo: String
    private var server: PrivateServer?
    private var isPrivate = false
    private var isFailing = false

    /// Starts the private server where none was named.
    ///
    /// Belongs on the main thread: the server ends with the thread that started it.
    ///
    /// - Parameters:
    ///   - url: of the server that was named; nil asks for the private one.
    ///   - folder: of the private server; nil for the usual one.
    init(url: String?, folder: String?, _ log: Logger) throws(CommandError) {
        if let url {
            conninfo = url
            server = nil
            return
        }
        log.info("starting a private PostgreSQL, since no DATABASE_URL was given")
        do throws(PrivateServerError) {
            let started = try PrivateServer.start(folder: folder)
            conninfo = started.conninfo
            let role = started.isOwner ? "started" : "shared with another process"
            log.info("the private PostgreSQL runs", metadata: ["server": "\(role)", "log": "\(started.log)"])
            server = consume started
            isPrivate = true
        } catch {
            throw CommandError(.configuration, "the private PostgreSQL cannot start: \(error)")
        }
    }

    /// Starts the private server again if it ended.
    ///
    /// Costs next to nothing when all is well.
    mutating func keepRunning(_ log: Logger) {
        guard isPrivate else { return }
        do throws(PrivateServerError) {
            try server!.ensureRunning()
            isFailing = false
        } catch {
            if !isFailing { log.error("the private PostgreSQL cannot start again", metadata: ["error": "\(error)"]) }
            isFailing = true
        }
    }

    /// Stops the private server, if this process started it.
    mutating func close(_ log: Logger) {
        guard isPrivate else { return }
        isPrivate = false
        server = nil
        log.info("the private PostgreSQL is let go: it stops if this process started it")
    }
}
