/// One line of `Tests/Hostile/requests.txt`: octets that a client sends, and what becomes of them.
package struct RawStream: Sendable {
    package struct Request: Equatable, Sendable {
        package let method: String
        package let target: String
        package let bodyCount: Int

        package init(method: String, target: String, bodyCount: Int) {
            (self.method, self.target, self.bodyCount) = (method, target, bodyCount)
        }
    }

    /// In the file.
    package let line: Int
    /// `idle`, `incomplete`, `closed`, or the name of the rule that is broken.
    package let end: String
    /// What is served before that.
    package let requests: [Request]
    package let octets: [UInt8]

    /// Whether the stream breaks a rule.
    package var isRefused: Bool { !["idle", "incomplete", "closed"].contains(end) }

    package struct Malformed: Error { package let line: Int }

    /// The whole table.
    package static func table() throws -> [RawStream] {
        let lines = text(ofFile: "\(repositoryFolder)/Tests/Hostile/requests.txt").split(
            separator: "\n", omittingEmptySubsequences: false)
        return try lines.enumerated().compactMap { index, line in
            if line.isEmpty || line.hasPrefix("# ") || line == "#" { return nil }
            guard let stream = RawStream(String(line), line: index + 1) else { throw Malformed(line: index + 1) }
            return stream
        }
    }

    private init?(_ text: String, line: Int) {
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let octets = unescaped(Array(parts[2].utf8)) else { return nil }
        let listed = parts[1] == "-" ? [] : parts[1].split(separator: "|")
        let requests = listed.compactMap { Request(String($0)) }
        guard requests.count == listed.count else { return nil }
        self.line = line
        end = String(parts[0])
        self.requests = requests
        self.octets = octets
    }
}

extension RawStream.Request {
    /// Reads `METHOD:TARGET:LENGTH`.
    fileprivate init?(_ text: String) {
        guard let first = text.firstIndex(of: ":"), let last = text.lastIndex(of: ":"), first < last,
            let bodyCount = Int(text[text.index(after: last)...]),
            let target = unescaped(Array(text[text.index(after: first)..<last].utf8))
        else { return nil }
        self.init(method: String(text[..<first]), target: String(decoding: target, as: UTF8.self), bodyCount: bodyCount)
    }
}

/// The octets that `text` stands for; nil where it has an escape that is none.
private func unescaped(_ text: [UInt8]) -> [UInt8]? {
    var octets: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "\\") else {
            octets.append(byte)
            continue
        }
        switch rest.popFirst() {
        case UInt8(ascii: "r"): octets.append(0x0D)
        case UInt8(ascii: "n"): octets.append(0x0A)
        case UInt8(ascii: "t"): octets.append(0x09)
        case UInt8(ascii: "0"): octets.append(0x00)
        case UInt8(ascii: "\\"): octets.append(0x5C)
        case UInt8(ascii: "x"):
            guard let octet = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
            octets.append(octet)
            rest = rest.dropFirst(2)
        case UInt8(ascii: "{"):
            // N*TEXT}, where TEXT has no braces of its own.
            guard let star = rest.firstIndex(of: UInt8(ascii: "*")), let brace = rest.firstIndex(of: UInt8(ascii: "}")),
                star < brace, let count = Int(String(decoding: rest[..<star], as: UTF8.self)),
                let repeated = unescaped(Array(rest[(star + 1)..<brace]))
            else { return nil }
            for _ in 0..<count { octets += repeated }
            rest = rest[(brace + 1)...]
        default: return nil
        }
    }
    return octets
}
