import Glibc
import TestSupport
import Testing

/// A service that asks for keys, and the file of them.
final class KeyStand: Sendable {
    let folder: TemporaryFolder
    let service: ServiceProcess
    let psql: Psql
    var file: String { folder.path + "/keys" }

    /// - Parameter keys: name and options of `churn keys create`, to be there from the start.
    init(workers: Int = 2, arguments: [String] = []) throws {
        folder = try TemporaryFolder()
        let database = try TemporaryPostgres.shared.makeDatabase()
        psql = Psql(database)
        let path = folder.path + "/keys"
        _ = try Self.create(path, ["--scope", "predict", "--name", "predict"])
        service = try ServiceProcess(databaseURL: database, workers: workers, arguments: ["--keys", path] + arguments)
        try service.waitUntilReady()
    }

    /// Makes a key and lets the service know.
    func key(_ options: String...) throws -> String {
        let key = try Self.create(file, options)
        try reload()
        return key
    }

    func revoke(_ name: String) throws {
        _ = try output(of: [churnBinary(), "keys", "revoke", name, "--keys", file])
    }

    /// Sends SIGHUP and waits until the log has one more line about it.
    func reload(_ line: String = "keys read again") throws {
        let before = count(line)
        service.child.send(SIGHUP)
        try eventually(line) { count(line) > before }
    }

    private func count(_ line: String) -> Int { service.log.split(separator: "\n").count { $0.contains(line) } }

    static func create(_ path: String, _ options: [String]) throws -> String {
        let text = try output(of: [churnBinary(), "keys", "create", "--keys", path] + options)
        return String(text.prefix { $0 != "\n" })
    }
}

/// The field that a key is sent in.
func bearer(_ key: String) -> String { "Authorization: Bearer \(key)" }
