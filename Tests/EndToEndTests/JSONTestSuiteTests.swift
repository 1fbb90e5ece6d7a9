import TestSupport
import Testing

/// Nicolas Seriot's JSONTestSuite, "Parsing JSON is a Minefield", in bodies of predictions over a socket.
///
/// The texts are no part of the package: they lie in `shared/data/json/test_parsing` beside its folder.
private enum Minefield {
    static let folder = "\(repositoryFolder)/../shared/data/json/test_parsing"

    static let names: [String] = {
        let listing = (try? output(of: ["sh", "-c", "ls -1 '\(folder)' 2>/dev/null || true"])) ?? ""
        return listing.split(separator: "\n").map(String.init)
    }()
}

extension EndToEnd.OneService {
    @Suite(.enabled(if: !Minefield.names.isEmpty, "there is no \(Minefield.folder)"))
    struct JSONTestSuiteTests {
        /// As a member that nobody knows, read only to be passed over; as a feature; as the features; as the whole body.
        private static let wraps: [(head: String, tail: String)] = [
            (#"{"customer_id":"J","features":[1,2,3,4],"other":"#, "}"),
            (#"{"customer_id":"J","features":[1,2,3,"#, "]}"),
            (#"{"customer_id":"J","features":"#, "}"),
            ("", ""),
        ]

        @Test func `valid texts are JSON, invalid ones are not, and none takes the service down`() throws {
            #expect(Minefield.names.count >= 300)
            let client = try RunningService.client()
            for name in Minefield.names {
                let text = contents(ofFile: "\(Minefield.folder)/\(name)")
                for (index, wrap) in Self.wraps.enumerated() {
                    let body = Array(wrap.head.utf8) + text + Array(wrap.tail.utf8)
                    let answer = try client.request(
                        "POST", "/predict?record=false", headers: ["Content-Type: application/json"], body: body)
                    let isJSON = answer.status != 400
                    switch name.prefix(2) {
                    // What may be in JSON may still be no prediction.
                    case "y_": #expect([200, 422].contains(answer.status), "\(name), wrap \(index): \(answer.text)")
                    case "n_": #expect(answer.status == 400, "\(name), wrap \(index): \(answer.text)")
                    default: #expect([200, 400, 422].contains(answer.status), "\(name), wrap \(index)")
                    }
                    if !isJSON { #expect(try answer.json()["offset"]?.number != nil, "\(name), wrap \(index)") }
                }
            }
        }

        @Test func `a text that arrives in two pieces, cut anywhere, is read like the whole`() throws {
            let client = try RunningService.client()
            for name in Minefield.names {
                let text = contents(ofFile: "\(Minefield.folder)/\(name)")
                // Long ones are long only to be deep.
                guard text.count <= 60 else { continue }
                let body = Array(Self.wraps[0].head.utf8) + text + Array(Self.wraps[0].tail.utf8)
                let request = requestBytes(
                    "POST", "/predict?record=false", headers: ["Content-Type: application/json"], body: body)
                try client.send(request)
                let whole = try client.receiveAnswer()
                let headEnd = request.count - body.count
                for cut in stride(from: headEnd + Self.wraps[0].head.utf8.count, to: request.count, by: 3) {
                    try client.send(Array(request[..<cut]))
                    try client.send(Array(request[cut...]))
                    let answer = try client.receiveAnswer()
                    #expect(answer.status == whole.status && answer.body == whole.body, "\(name) cut at \(cut)")
                }
            }
        }
    }
}
