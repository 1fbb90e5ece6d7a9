import JSON
import TestSupport

/// The collected request streams, one JSON object a line.
enum Corpus {
    struct Request: Equatable {
        var method: String
        var target: String
        var bodyCount: Int
        var closes: Bool

        init(_ request: Conversation.Request) {
            method = request.method
            target = request.target
            bodyCount = request.body.count
            closes = !request.keepsAlive
        }

        /// Reads `[method, target, length of the body, whether it is the last of its connection]`.
        init?(_ value: JSONValue) {
            guard let elements = value.elements, elements.count == 4, let method = elements[0].string,
                let target = elements[1].string, let bodyCount = elements[2].integer, let closes = elements[3].boolean
            else { return nil }
            (self.method, self.target, self.bodyCount, self.closes) = (method, target, bodyCount, closes)
        }
    }

    struct Case {
        var id: String
        var stream: [UInt8]

        /// accept, reject, incomplete, or either where the RFC leaves it to the server.
        var verdict: String

        /// The requests in front of the end.
        var requests: [Request]
        var end: String
    }

    struct Malformed: Error { let line: Int }

    /// Beside the package.
    static let path = packageFolder + "/../shared/data/http/corpus.dev.jsonl"

    static var isPresent: Bool { !contents(ofFile: path).isEmpty }

    static func cases() throws -> [Case] {
        var cases: [Case] = []
        for (index, line) in contents(ofFile: path).split(separator: 0x0A).enumerated() {
            guard let sample = Case(try JSONValue(parsing: Array(line).span)) else { throw Malformed(line: index + 1) }
            cases.append(sample)
        }
        return cases
    }

    private static var packageFolder: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    }
}

extension Corpus.Case {
    init?(_ value: JSONValue) {
        guard let id = value["id"]?.string, let raw = value["raw"]?.string, let stream = decodeBase64(raw),
            let verdict = value["final"]?.string, let expected = value["expect"], let end = expected["end"]?.string,
            let listed = expected["ok"]?.elements
        else { return nil }
        let requests = listed.compactMap { Corpus.Request($0) }
        guard requests.count == listed.count else { return nil }
        self.init(id: id, stream: stream, verdict: verdict, requests: requests, end: end)
    }
}

/// RFC 4648 §4, for text without line ends.
func decodeBase64(_ text: String) -> [UInt8]? {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var bytes: [UInt8] = []
    var bits = 0
    var value = 0
    for character in text.utf8 where character != 0x3D {
        guard let digit = alphabet.firstIndex(of: character) else { return nil }
        value = (value << 6 | digit) & 0xFFFF
        bits += 6
        if bits >= 8 {
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: value >> bits))
        }
    }
    return bytes
}
