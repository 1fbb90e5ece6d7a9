import Digest

/// One step of the schema: a file `NNNN_name.sql`.
///
/// A file whose first line is `-- no transaction` runs outside of one, statement by statement (each ends with a semicolon
/// at the end of a line), for what PostgreSQL allows nowhere else, such as `CREATE INDEX CONCURRENTLY`. It may be
/// interrupted half-way and run again, so each of its statements must allow for that (`IF NOT EXISTS`).
package struct Migration: Sendable {
    /// The name of the file without `.sql`.
    package let name: String
    let script: String
    /// The SHA-256 of the file, in hexadecimal.
    let checksum: String

    /// - Parameter bytes: of the file.
    package init(_ name: String, _ bytes: [UInt8]) {
        let digits = name.utf8.prefix(4).filter { $0 >= 0x30 && $0 <= 0x39 }
        precondition(digits.count == 4 && name.dropFirst(4).first == "_", "\(name) is not NNNN_name")
        self.name = name
        script = String(decoding: bytes, as: UTF8.self)
        checksum = SHA256Digest(of: bytes.span).hexadecimal
    }

    var isTransactional: Bool { !script.hasPrefix("-- no transaction\n") }

    /// The statements of a file without a transaction.
    var statements: [String] {
        var statements: [String] = []
        var current = ""
        for line in script.split(separator: "\n") where !line.hasPrefix("--") {
            current += line + "\n"
            if line.hasSuffix(";") {
                statements.append(current)
                current = ""
            }
        }
        precondition(current.isEmpty, "the last statement of \(name) has no semicolon")
        return statements
    }
}
