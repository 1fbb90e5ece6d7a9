import HTTP
import TestSupport
import Testing

/// The project's own table of raw requests, read by the parser: whole, cut in two at every place, and octet by octet.
@Suite struct HostileTableTests {
    @Test func `every stream comes to what the table says, wherever it is cut`() throws {
        let table = try RawStream.table()
        #expect(table.count >= 300)
        for stream in table { check(stream) }
    }

    private func check(_ stream: RawStream) {
        // After a fault, or the end of a connection, nothing is read, whatever comes.
        let mustStop = stream.isRefused || stream.end == "closed"
        let bytes = stream.octets + (mustStop ? octets("GET /after HTTP/1.1\r\nHost: a\r\n\r\n") : [])
        let whole = Transcript(bytes)
        let found = whole.requests.map {
            RawStream.Request(method: $0.method, target: $0.target, bodyCount: $0.body.count)
        }
        #expect(found == stream.requests, "line \(stream.line)")
        #expect(name(whole.end) == stream.end, "line \(stream.line)")
        #expect(Transcript(octetByOctet: bytes) == whole, "line \(stream.line), octet by octet")
        // Long streams are cut less often: a cut costs as much as the stream is long.
        for cut in stride(from: 1, to: bytes.count, by: 1 + bytes.count / 400) {
            let other = Transcript(bytes, cuts: [cut])
            if other != whole {
                Issue.record("line \(stream.line) cut at \(cut): \(other), whole: \(whole)")
                return
            }
        }
    }

    private func name(_ end: Conversation.End) -> String {
        switch end {
        case .idle: "idle"
        case .incomplete: "incomplete"
        case .closed: "closed"
        case .refused(let rule): rule.rawValue
        }
    }

    @Test func `every rule of a request's form has a stream that breaks it`() throws {
        // These take a clock, a decompressor, or other clients.
        let elsewhere: Set<RequestRule> = [.malformedContentCoding, .headTooSlow, .bodyTooSlow, .tooMuchHeld]
        let broken = Set(try RawStream.table().map(\.end))
        for rule in RequestRule.allCases where !elsewhere.contains(rule) {
            #expect(broken.contains(rule.rawValue), "\(rule)")
        }
    }
}
