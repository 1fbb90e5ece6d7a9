package import Digest

/// A key as a key file keeps it: all about it but the key itself.
package struct KeyRecord: Equatable, Sendable {
    /// By which people name it; the key begins with it, after `churn_`.
    package let id: String
    /// Of the whole text that a caller sends.
    package let digest: SHA256Digest
    package var name: String?
    package var scopes: ScopeSet
    package var rate: KeyRate?
    /// Microseconds since 1970, as all times here.
    package var expiresAt: Int?
    package var createdAt: Int?
    package var revokedAt: Int?

    package init(id: String, digest: SHA256Digest, scopes: ScopeSet) {
        self.id = id
        self.digest = digest
        self.scopes = scopes
    }

    /// What has become of it.
    package enum State: String, Sendable {
        case valid, expired, revoked
    }

    package func state(at now: Int) -> State {
        if revokedAt != nil { return .revoked }
        return expiresAt.map { $0 <= now } == true ? .expired : .valid
    }

    /// Whether `text` can be an id or a name: letters, digits, dot, hyphen and underscore, 64 at most.
    package static func isName(_ text: some StringProtocol) -> Bool {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || [0x2D, 0x2E, 0x5F].contains(byte)
        }
        return isPlain && (1...64).contains(text.utf8.count)
    }
}

/// The line of a key file.
extension KeyRecord {
    /// What is wrong with a line; it never repeats a word of it, which might be a key.
    package struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
        package let description: String
        init(_ description: String) { self.description = description }
    }

    /// Reads `ID SHA256 scopes=… [name=…] [rate=…] [expires=…] [created=…] [revoked=…]`.
    package init(line: some StringProtocol) throws(Fault) {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.count >= 2, Self.isName(words[0]) else {
            throw Fault("a line begins with an id, then the SHA-256 of the key")
        }
        guard let digest = SHA256Digest(hexadecimal: words[1]) else {
            throw Fault("the second word must be the SHA-256 of the key, 64 hexadecimal digits")
        }
        self.init(id: String(words[0]), digest: digest, scopes: [])
        var seen: Set<String> = []
        for word in words.dropFirst(2) {
            let pair = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, let field = Field(rawValue: String(pair[0])) else {
                throw Fault("after the SHA-256 come scopes=, name=, rate=, expires=, created=, revoked=")
            }
            guard seen.insert(field.rawValue).inserted else { throw Fault("\(field.rawValue)= is there twice") }
            try set(field, String(pair[1]))
        }
        if scopes.isEmpty { throw Fault("scopes= is missing") }
    }

    private enum Field: String {
        case scopes, name, rate, expires, created, revoked
    }

    private mutating func set(_ field: Field, _ text: String) throws(Fault) {
        switch field {
        case .scopes:
            guard let scopes = ScopeSet(text: text) else {
                throw Fault("scopes= takes predict, read and admin, with commas between them")
            }
            self.scopes = scopes
        case .name:
            guard Self.isName(text) else { throw Fault("name= takes letters, digits, dot, hyphen, underscore") }
            name = text
        case .rate:
            guard let rate = KeyRate(text: text) else { throw Fault("rate= takes a number such as 100/s, 600/min") }
            self.rate = rate
        case .expires: expiresAt = try Self.time(text, field)
        case .created: createdAt = try Self.time(text, field)
        case .revoked: revokedAt = try Self.time(text, field)
        }
    }

    private static func time(_ text: String, _ field: Field) throws(Fault) -> Int {
        guard let time = CommandText.instant(reading: text) else {
            throw Fault("\(field.rawValue)= takes a time such as 2027-01-01T00:00:00Z")
        }
        return time
    }

    package var line: String {
        var words = [id, digest.hexadecimal]
        if let name { words.append("name=\(name)") }
        words.append("scopes=\(scopes.text)")
        if let rate { words.append("rate=\(rate.text)") }
        if let expiresAt { words.append("expires=\(CommandText.instant(expiresAt))") }
        if let createdAt { words.append("created=\(CommandText.instant(createdAt))") }
        if let revokedAt { words.append("revoked=\(CommandText.instant(revokedAt))") }
        return words.joined(separator: " ")
    }
}
