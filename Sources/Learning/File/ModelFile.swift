import Bytes
import Digest
import JSON

/// A model as one JSON file: the same bytes in the table of models, in `Models/` and over HTTP.
///
/// The first line is `{"checksum":"…",` with the SHA-256 of all bytes after its line feed; the other members follow, one
/// a line. There is no clock in it: the same training gives the same bytes, and the bytes give the version.
public struct ModelFile: Sendable {
    public let contents: ModelContents
    public let bytes: [UInt8]
    /// Of the bytes, in hexadecimal.
    public let sha256: String
    /// The first twelve digits of `sha256`.
    public let version: String
    public let model: LogisticModel

    /// Writes `contents`, with golden rows made from the model itself.
    package init(_ contents: ModelContents) {
        var contents = contents
        model = contents.model
        contents.golden = GoldenRow.rows(for: model)
        var buffer = ByteBuffer(capacity: 1 << 16)
        for (index, member) in contents.members.enumerated() {
            buffer.append(index == 0 ? "" : ",\n")
            buffer.append(jsonString: member.key)
            buffer.append(byte: 0x3A)
            member.value.write(into: &buffer)
        }
        buffer.append("}\n")
        self.contents = contents
        let bytes = Self.sealed(Array(span: buffer.span))
        self.bytes = bytes
        sha256 = SHA256Digest(of: bytes.span).hexadecimal
        version = String(sha256.prefix(12))
    }

    /// Puts the line with the checksum before `body`, the text of the members and the closing brace.
    package static func sealed(_ body: [UInt8]) -> [UInt8] {
        prefix + Array(SHA256Digest(of: body.span).hexadecimal.utf8) + suffix + body
    }

    /// Reads a file and checks it: checksum, format, every member, and that the golden rows come out to 1e-12.
    public init(reading bytes: [UInt8]) throws(ModelFileError) {
        let bodyStart = Self.prefix.count + 64 + Self.suffix.count
        guard bytes.count > bodyStart, bytes.starts(with: Self.prefix),
            bytes[..<bodyStart].suffix(Self.suffix.count).elementsEqual(Self.suffix)
        else { throw .notAModelFile }
        let expected = String(decoding: bytes[Self.prefix.count..<Self.prefix.count + 64], as: UTF8.self)
        let found = SHA256Digest(of: bytes.span.extracting(bodyStart..<bytes.count)).hexadecimal
        guard expected == found else { throw .checksum(expected: expected, found: found) }
        let json: JSONValue
        do throws(JSONError) { json = try JSONValue(parsing: bytes.span) } catch { throw .json(error) }
        contents = try ModelContents(json)
        model = contents.model
        self.bytes = bytes
        sha256 = SHA256Digest(of: bytes.span).hexadecimal
        version = String(sha256.prefix(12))
        for (index, row) in contents.golden.enumerated() {
            let computed = row.score(model)
            guard let computed, abs(computed - row.probability) <= 1e-12 else {
                throw .golden(row: index + 1, expected: row.probability, found: computed)
            }
        }
    }

    private static let prefix = Array(#"{"checksum":""#.utf8)
    private static let suffix = Array("\",\n".utf8)
}

extension Array where Element == UInt8 {
    init(span: Span<UInt8>) {
        self.init()
        reserveCapacity(span.count)
        for offset in 0..<span.count { append(span[offset]) }
    }
}
