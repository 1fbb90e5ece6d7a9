import HTTP
import Testing

/// Every octet in every place of a head where some octets may stand and others may not.
@Suite struct CharacterTests {
    private static let token = naiveToken
    private static let uri = naiveLetters.union(naiveDigits).union("-._~!$&'()*+,;=".utf8)

    /// The octets which `make` may put into a request that is then accepted.
    private func accepted(_ make: (String) -> String) -> Set<UInt8> {
        Set((0...255).filter { Transcript(octets(make(String(Unicode.Scalar($0))))).end == .idle })
    }

    @Test func `octets of a field name`() {
        #expect(accepted { "GET / HTTP/1.1\r\nHost: a\r\nA\($0)B: c\r\n\r\n" } == Self.token.union(":".utf8))
    }

    @Test func `octets of a field value, at each place of eight`() {
        let text = Set((0...255).filter(isNaiveText))
        for place in 0..<9 {
            #expect(accepted { "GET / HTTP/1.1\r\nHost: a\r\nA: \(filler(place))\($0)\(filler(9))\r\n\r\n" } == text)
        }
    }

    @Test func `octets of a path and of a query`() {
        let target = Self.uri.union(":@/?[]".utf8)
        #expect(accepted { "GET /a\($0)b HTTP/1.1\r\nHost: a\r\n\r\n" } == target)
        #expect(accepted { "GET /?a\($0)b HTTP/1.1\r\nHost: a\r\n\r\n" } == target)
    }

    @Test func `octets of a percent-escape`() {
        let digits = naiveDigits.union("abcdefABCDEF".utf8)
        #expect(accepted { "GET /%\($0)a HTTP/1.1\r\nHost: a\r\n\r\n" } == digits)
        #expect(accepted { "GET /%a\($0) HTTP/1.1\r\nHost: a\r\n\r\n" } == digits)
        #expect(accepted { "GET / HTTP/1.1\r\nHost: %\($0)1\r\n\r\n" } == digits)
    }

    @Test func `octets of a host and of a port`() {
        // White space at the end of the value does not belong to it; a colon begins a port.
        #expect(accepted { "GET / HTTP/1.1\r\nHost: a\($0)1\r\n\r\n" } == Self.uri.union(":".utf8))
        #expect(accepted { "GET / HTTP/1.1\r\nHost: a:1\($0)1\r\n\r\n" } == naiveDigits)
        #expect(accepted { "GET http://a\($0)1/ HTTP/1.1\r\nHost: a\r\n\r\n" } == Self.uri.union(":/?".utf8))
    }

    @Test func `octets of a version`() {
        #expect(accepted { "GET / HTTP/\($0).1\r\nHost: a\r\n\r\n" } == Set("1".utf8))
        #expect(accepted { "GET / HTTP/1.\($0)\r\nHost: a\r\nConnection: x\r\n\r\n" } == Set("1".utf8))
        #expect(accepted { "GET / HTTP/1\($0)1\r\nHost: a\r\n\r\n" } == Set(".".utf8))
    }

    @Test func `octets of chunk sizes and extensions`() {
        let post = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(accepted { "\(post)\($0)\r\n\r\n" } == Set("0".utf8))
        #expect(accepted { "\(post)0;a\($0)b\r\n\r\n" } == Self.token.union(";=".utf8))
        let quoted = Set((0...255).filter(isNaiveText)).subtracting("\"".utf8)
        #expect(accepted { "\(post)0;a=\"\($0)b\"\r\n\r\n" } == quoted)
    }
}
