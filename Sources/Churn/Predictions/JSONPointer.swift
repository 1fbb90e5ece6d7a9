import Bytes
import JSON

/// Where an instance stands in the body of a request: alone, or in `instances`.
struct InstancePath {
    /// Nil for the body itself.
    let index: Int?

    /// A JSON pointer (RFC 6901) to a member of the instance.
    func pointer(_ member: String) -> String { index.map { "/instances/\($0)\(member)" } ?? member }
}

/// A key of a request as a token of a JSON pointer.
func pointerToken(_ key: JSONString, _ reader: borrowing JSONReader) -> String {
    var name = ByteBuffer(capacity: key.range.count)
    reader.decode(key, into: &name)
    return escapedToken(name.text)
}

/// `~` and `/` have escapes of their own in a JSON pointer (RFC 6901 §3).
func escapedToken(_ name: String) -> String {
    var token = ""
    for character in name.unicodeScalars {
        switch character {
        case "~": token += "~0"
        case "/": token += "~1"
        default: token.unicodeScalars.append(character)
        }
    }
    return token
}
