import Digest
import Glibc
import Linux

/// Where the parts of a private PostgreSQL lie, and whom they belong to.
struct PrivateServerLayout: Sendable {
    /// Absolute, without symbolic links: PostgreSQL's processes work in `data`, and are recognised by that.
    let folder: String
    /// Whom the server runs as, because PostgreSQL refuses to be root; nil is us.
    let user: User?

    var data: String { folder + "/data" }
    /// Where `initdb` works: what is found there was never finished.
    var unfinishedData: String { folder + "/data.new" }
    /// Whoever holds a lock on it owns the server.
    var lock: String { folder + "/lock" }
    var log: String { folder + "/postgres.log" }
    var postmasterFile: String { data + "/postmaster.pid" }

    private var owner: UInt32 { user?.identifier ?? User.effectiveIdentifier }

    /// A folder of its own with a short path: that of a Unix socket has at most 107 bytes.
    var socketFolder: String {
        "/tmp/churn-\(owner)-\(SHA256Digest(of: Array(folder.utf8).span).hexadecimal.prefix(12))"
    }

    /// Everything that libpq would otherwise take from the environment is said.
    var conninfo: String {
        """
        host=\(socketFolder) port=5432 user=churn dbname=postgres options='' sslmode=disable gssencmode=disable \
        requirepeer=''
        """
    }

    /// Makes the folder and finds out who runs the server.
    ///
    /// - Parameter folder: nil is `/var/lib/churn` for root, who cannot hand a folder below `/root` to another user, and
    ///   `.churn` where we are for everybody else.
    init(folder: String?) throws(PrivateServerError) {
        let isRoot = User.effectiveIdentifier == 0
        let chosen = folder ?? (isRoot ? "/var/lib/churn" : ".churn")
        user = isRoot ? try Self.serverUser() : nil
        let owner = user
        self.folder = try translating { () throws(SystemError) in
            try File.makeDirectories(chosen, mode: 0o755)
            if let owner { try File.changeOwner(chosen, user: owner.identifier, group: owner.group) }
            return try canonical(chosen)
        }
    }

    private static func serverUser() throws(PrivateServerError) -> User {
        guard let user = try translating({ () throws(SystemError) in try User.named("postgres") }) else {
            throw PrivateServerError(
                "PostgreSQL refuses to run as root, and there is no user postgres: make one, or set DATABASE_URL")
        }
        return user
    }

    /// Makes the folder of the socket, or refuses the one that is there: anybody may make a folder in /tmp.
    func makeSocketFolder() throws(PrivateServerError) {
        let status = try translating { () throws(SystemError) in
            if try File.makeDirectory(socketFolder, mode: 0o700), let user {
                try File.changeOwner(socketFolder, user: user.identifier, group: user.group)
            }
            return try File.status(socketFolder)
        }
        guard let status, status.isDirectory, status.owner == owner, status.mode == 0o700 else {
            throw PrivateServerError("\(socketFolder) is not ours alone: remove it")
        }
    }
}

/// The absolute path without symbolic links.
private func canonical(_ path: String) throws(SystemError) -> String {
    guard let resolved = unsafe realpath(path, nil) else { throw SystemError(code: errno, call: "realpath \(path)") }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
}
