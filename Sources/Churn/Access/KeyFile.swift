import Linux

/// The keys of a file, or of an environment variable: a line each, `#` begins a comment.
package struct KeyFile: Equatable, Sendable {
    /// More are refused: each request without a known connection is compared with all of them.
    package static let keysMax = 1_000

    package private(set) var records: [KeyRecord]

    package init() { records = [] }

    /// - Parameter text: lines; semicolons end one, too, so that a variable can hold several.
    /// - Throws: with the number of the line.
    package init(text: String) throws(KeyRecord.Fault) {
        records = []
        let isEnd = { (character: Character) in character.isNewline || character == ";" }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: isEnd)
        for (index, line) in lines.enumerated() {
            let content = line.drop(while: { $0 == " " || $0 == "\t" })
            if content.isEmpty || content.first == "#" { continue }
            do throws(KeyRecord.Fault) {
                try add(try KeyRecord(line: content))
            } catch {
                throw KeyRecord.Fault("line \(index + 1): \(error)")
            }
        }
    }

    /// Adds a key.
    ///
    /// - Throws: where another one has its id or its digest.
    package mutating func add(_ record: KeyRecord) throws(KeyRecord.Fault) {
        guard records.count < Self.keysMax else { throw KeyRecord.Fault("there are \(Self.keysMax) keys already") }
        for other in records {
            if other.id == record.id { throw KeyRecord.Fault("another key has this id") }
            if other.digest == record.digest { throw KeyRecord.Fault("the same key is there twice") }
        }
        records.append(record)
    }

    /// Marks a key as revoked.
    ///
    /// - Returns: the key; nil where no valid or expired one has this id or name.
    package mutating func revoke(_ idOrName: String, at now: Int) -> KeyRecord? {
        let isNamed = { (record: KeyRecord) in record.id == idOrName || record.name == idOrName }
        guard let index = records.firstIndex(where: { isNamed($0) && $0.revokedAt == nil }) else { return nil }
        records[index].revokedAt = now
        return records[index]
    }

    package var text: String {
        let head = """
            # Keys of churn: id, SHA-256 of the key, what it opens. Made by `churn keys create`.
            # A running service reads this file again on SIGHUP.
            """
        return ([head] + records.map(\.line)).joined(separator: "\n") + "\n"
    }
}
