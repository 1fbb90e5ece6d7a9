import Bytes
import HTTP
import Testing

@Suite struct RequestHeadTests {
    /// The head at `start` of `bytes`.
    private func head(_ bytes: [UInt8], from start: Int = 0) throws -> RequestHead {
        var scan = HeadScan()
        let parsed = try RequestParser().parse(bytes.span, from: start, scan: &scan)
        return try #require(parsed)
    }

    private let everyField = """
        GET /a?b HTTP/1.1
        Host: a
        Accept: 1
        Accept-Encoding: 2
        Authorization: 3
        Content-Encoding: 4
        Content-Type: 5
        X-Correlation-ID: 6
        Idempotency-Key: 7
        If-None-Match: 8
        X-Request-ID: 9
        traceparent: 10


        """.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")

    @Test func `the fields that are kept`() throws {
        let bytes = octets("xyz" + everyField)
        let head = try head(bytes, from: 3)
        let text = { (range: Range<Int>?) in range.map { latin1(bytes[$0]) } }
        #expect(text(head.accept) == "1")
        #expect(text(head.acceptEncoding) == "2")
        #expect(text(head.authorization) == "3")
        #expect(text(head.contentEncoding) == "4")
        #expect(text(head.contentType) == "5")
        #expect(text(head.correlationID) == "6")
        #expect(text(head.idempotencyKey) == "7")
        #expect(text(head.ifNoneMatch) == "8")
        #expect(text(head.requestID) == "9")
        #expect(text(head.traceParent) == "10")
        #expect(text(head.target) == "/a?b")
        #expect(head.start == 3)
        #expect(head.bodyStart == bytes.count)
    }

    @Test func `names are not case-sensitive`() throws {
        let bytes = octets(everyField.uppercased())
        for field in KeptField.allCases { #expect(try head(bytes)[field] != nil, "\(field)") }
    }

    @Test func `names that only look like the kept ones`() throws {
        let names = [
            "accepp", "bccept", "accept-encodinG1", "authorizatiom", "content-typ", "x_request_id", "if-none-matcj",
            "tracepareny",
        ]
        let bytes = octets("GET / HTTP/1.1\r\nHost: a\r\n" + names.map { "\($0): 1\r\n" }.joined() + "\r\n")
        for field in KeptField.allCases { #expect(try head(bytes)[field] == nil, "\(field)") }
    }

    @Test func `a field without a value is there`() throws {
        let bytes = octets("GET / HTTP/1.1\r\nHost: a\r\nAccept: \r\n\r\n")
        #expect(try head(bytes).accept?.isEmpty == true)
        #expect(try head(bytes).acceptEncoding == nil)
    }

    @Test func `a list on two lines counts as absent`() throws {
        for name in ["Accept", "Accept-Encoding", "If-None-Match", "traceparent"] {
            let bytes = octets("GET / HTTP/1.1\r\nHost: a\r\n\(name): a\r\n\(name): b\r\n\r\n")
            for field in KeptField.allCases { #expect(try head(bytes)[field] == nil, "\(name)") }
        }
    }

    @Test func `a head that is moved takes its ranges along`() throws {
        let bytes = octets(everyField)
        var head = try head(bytes)
        head.start += 7
        let moved = octets("1234567") + bytes
        #expect(latin1(moved[head.path]) == "/a")
        #expect(latin1(moved[head.query]) == "b")
        #expect(head.requestID.map { latin1(moved[$0]) } == "9")
        #expect(head.bodyStart == moved.count)
    }

    @Test func `a scan goes on after its octets were moved`() throws {
        let bytes = octets("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        for cut in 1..<bytes.count {
            var scan = HeadScan()
            let parser = RequestParser()
            let early = try parser.parse(Array(bytes[..<cut]).span, from: 0, scan: &scan)
            #expect(early == nil)
            let moved = octets("\n\n\n") + bytes
            let parsed = try parser.parse(moved.span, from: 3, scan: &scan)
            let head = try #require(parsed)
            #expect(latin1(moved[head.path]) == "/")
        }
    }

    @Test func `a client that waits for permission to send its body`() throws {
        let expect = "Host: a\r\nExpect: 100-Continue\r\n"
        #expect(try head(octets("POST / HTTP/1.1\r\n\(expect)Content-Length: 1\r\n\r\n")).expectsContinue)
        #expect(try head(octets("POST / HTTP/1.1\r\n\(expect)Transfer-Encoding: chunked\r\n\r\n")).expectsContinue)
        #expect(try !head(octets("POST / HTTP/1.1\r\n\(expect)Content-Length: 0\r\n\r\n")).expectsContinue)
        #expect(try !head(octets("POST / HTTP/1.1\r\n\(expect)\r\n")).expectsContinue)
        // RFC 9110 §10.1.1: HTTP/1.0 has no interim answers.
        #expect(try !head(octets("POST / HTTP/1.0\r\n\(expect)Content-Length: 1\r\n\r\n")).expectsContinue)
    }

    @Test func `framing and version`() throws {
        #expect(try head(octets("GET / HTTP/1.0\r\n\r\n")).minorVersion == 0)
        #expect(try head(octets("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).framing == .none)
        #expect(try head(octets("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n")).framing == .length(7))
        #expect(try head(octets("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")).framing == .chunked)
    }
}
