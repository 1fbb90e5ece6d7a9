import JSON
import Learning
import Linux
import Logging

/// `churn keys`: makes, lists and revokes the keys of a file.
package enum Keys {
    /// How long to wait for another `churn keys` at the same file.
    private static let lockSeconds = 5

    // MARK: Create

    /// What a new key is to be.
    package struct Wish: Sendable {
        let name: String?
        let scopes: ScopeSet
        let rate: KeyRate?
        let expiresAt: Int?

        /// - Parameters:
        ///   - expires: a day, a time, or from now on a number of days.
        package init(
            name: String?, scopes: [String], rate: String?, expires: String?, now: Int = Clock.wallMicroseconds()
        ) throws(CommandError) {
            if let name, !KeyRecord.isName(name) {
                throw CommandError(.usage, "--name takes letters, digits, dot, hyphen and underscore, 64 at most")
            }
            guard let scopes = ScopeSet(text: scopes.joined(separator: ",")) else {
                throw CommandError(.usage, "--scope must be predict, read or admin, at least one of them")
            }
            self.name = name
            self.scopes = scopes
            self.rate = try rate.map { text throws(CommandError) in
                guard let rate = KeyRate(text: text) else {
                    throw CommandError(.usage, "--rate must be a number such as 100/s, 600/min or 5000/h")
                }
                return rate
            }
            expiresAt = try expires.map { text throws(CommandError) in try Self.time(text, now: now) }
        }

        private static func time(_ text: String, now: Int) throws(CommandError) -> Int {
            if text.hasSuffix("d") { return now + (try CommandText.days(text, option: "--expires")) * 86_400_000_000 }
            guard let time = CommandText.instant(reading: text) else {
                throw CommandError(.usage, "--expires must be a date, a time, or a number of days such as 90d")
            }
            guard time > now else { throw CommandError(.usage, "--expires is over already") }
            return time
        }
    }

    /// Makes a key and adds it to the file; the outcome is the only place that ever shows it.
    package static func create(_ wish: Wish, in path: String) throws(CommandError) -> CommandOutcome {
        var random = SystemRandomNumberGenerator()
        let key = KeyText(using: &random)
        var record = KeyRecord(id: key.id, digest: key.digest, scopes: wish.scopes)
        record.name = wish.name
        record.rate = wish.rate
        record.expiresAt = wish.expiresAt
        record.createdAt = Clock.wallMicroseconds()
        try change(path, mayBeNew: true) { file throws(CommandError) in
            do throws(KeyRecord.Fault) { try file.add(record) } catch {
                throw CommandError(.data, "\(path): \(error)")
            }
        }
        audit("key created", record, path)
        var members = object("keys create", "done", record, path)
        members.append(.init("key", .string(key.text)))
        members.append(.init("warnings", []))
        let text = """
            \(key.text)

            Key \(described(record)). It is shown this once: \(path) holds its SHA-256.
            A service that runs takes it after SIGHUP.
            """
        return CommandOutcome(.done, json: .object(members), text: text)
    }

    // MARK: List

    /// All keys of the file, revoked ones too.
    package static func list(_ path: String) throws(CommandError) -> CommandOutcome {
        let file = try KeySource.read(path)
        let now = Clock.wallMicroseconds()
        let json: JSONValue = [
            "command": "keys list", "status": "done", "file": .string(path),
            "keys": .array(file.records.map { .object(members($0, now)) }), "warnings": [],
        ]
        if file.records.isEmpty { return CommandOutcome(.done, json: json, text: "There are no keys.") }
        var table = TextTable()
        table.add("id", "name", "scopes", "rate", "state", "expires", "created")
        for record in file.records {
            table.add(
                record.id, record.name ?? "-", record.scopes.text, record.rate?.text ?? "-",
                record.state(at: now).rawValue, record.expiresAt.map(CommandText.instant) ?? "never",
                record.createdAt.map { String(CommandText.instant($0).prefix(10)) } ?? "-")
        }
        return CommandOutcome(.done, json: json, text: table.lines.joined(separator: "\n"))
    }

    // MARK: Revoke

    /// Revokes a key: its line stays, with the time.
    package static func revoke(_ idOrName: String, in path: String) throws(CommandError) -> CommandOutcome {
        var revoked: KeyRecord?
        try change(path, mayBeNew: false) { file throws(CommandError) in
            revoked = file.revoke(idOrName, at: Clock.wallMicroseconds())
        }
        guard let revoked else {
            throw CommandError(.data, "no key that could be revoked has this id or name", code: "no_such_key")
        }
        audit("key revoked", revoked, path)
        let members = object("keys revoke", "done", revoked, path) + [.init("warnings", [])]
        let text = "Key \(described(revoked)) is revoked. A service that runs refuses it after SIGHUP."
        return CommandOutcome(.done, json: .object(members), text: text)
    }

    // MARK: The file

    /// Reads the file, changes it and puts the new one in its place, alone.
    private static func change(
        _ path: String, mayBeNew: Bool, _ body: (inout KeyFile) throws(CommandError) -> Void
    ) throws(CommandError) {
        let lock = try lock(path)
        let status = try writing { () throws(SystemError) in try File.status(path) }
        var file = status == nil && mayBeNew ? KeyFile() : try KeySource.read(path)
        try body(&file)
        let text = Array(file.text.utf8)
        try writing { () throws(SystemError) in try File.write(path, text, mode: status?.mode ?? 0o600) }
        _ = consume lock
    }

    private static func lock(_ path: String) throws(CommandError) -> FileLock {
        let deadline = Clock.monotonicNanoseconds() + lockSeconds * 1_000_000_000
        while true {
            let lock = try writing { () throws(SystemError) in try FileLock.acquire(path + ".lock") }
            if let lock { return lock }
            guard Clock.monotonicNanoseconds() < deadline else {
                throw CommandError(.busy, "another churn keys is at work on this file", code: "lock_busy")
            }
            Thread.sleep(milliseconds: 20)
        }
    }

    private static func writing<Value: ~Copyable>(
        _ body: () throws(SystemError) -> Value
    ) throws(CommandError) -> Value {
        do throws(SystemError) { return try body() } catch {
            throw CommandError(.inputOutput, "cannot change the keys: \(error)")
        }
    }

    // MARK: Words

    /// Who did what, for the log of the machine.
    private static func audit(_ what: Logger.Message, _ record: KeyRecord, _ path: String) {
        var metadata: Logger.Metadata = [
            "id": "\(record.id)", "scopes": "\(record.scopes.text)", "file": "\(path)",
            "uid": "\(User.effectiveIdentifier)",
        ]
        if let name = record.name { metadata["name"] = "\(name)" }
        if let rate = record.rate { metadata["rate"] = "\(rate.text)" }
        if let expiresAt = record.expiresAt { metadata["expires"] = "\(CommandText.instant(expiresAt))" }
        Log.service.notice(what, metadata: metadata)
    }

    private static func described(_ record: KeyRecord) -> String {
        record.name.map { "\(record.id) (\($0))" } ?? record.id
    }

    private static func object(
        _ command: String, _ status: String, _ record: KeyRecord, _ path: String
    ) -> [JSONValue.Member] {
        [.init("command", .string(command)), .init("status", .string(status)), .init("file", .string(path))]
            + members(record, Clock.wallMicroseconds())
    }

    private static func members(_ record: KeyRecord, _ now: Int) -> [JSONValue.Member] {
        [
            .init("id", .string(record.id)), .init("name", record.name.map { .string($0) } ?? .null),
            .init("scopes", .array(record.scopes.scopes.map { .string("\($0.name)") })),
            .init("rate", record.rate.map { .string($0.text) } ?? .null),
            .init("state", .string(record.state(at: now).rawValue)), .init("expires_at", .instant(record.expiresAt)),
            .init("created_at", .instant(record.createdAt)), .init("revoked_at", .instant(record.revokedAt)),
        ]
    }
}
