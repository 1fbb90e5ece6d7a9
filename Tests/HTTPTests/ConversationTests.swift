import HTTP
import Testing

/// Tables of streams, each read whole, cut in two at every place, octet by octet and at every prefix.
@Suite struct ConversationTests {
    /// Reads `stream` in all ways and returns what it came to in each.
    private func read(_ stream: [UInt8], limits: Limits = Limits(), _ location: SourceLocation) -> Transcript {
        let whole = Transcript(stream, limits: limits)
        for cut in 1..<max(stream.count, 2) {
            let other = Transcript(stream, cuts: [cut], limits: limits)
            if other != whole {
                Issue.record("cut at \(cut): \(other), whole: \(whole)", sourceLocation: location)
                return whole
            }
        }
        #expect(Transcript(octetByOctet: stream, limits: limits) == whole, sourceLocation: location)
        return whole
    }

    private func expectRequest(
        _ text: String, path: String, query: String = "", body: String = "", keepsAlive: Bool = true,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let result = read(octets(text), location)
        #expect(result.requests.count == 1, "\(result) \(text.debugDescription)", sourceLocation: location)
        guard let request = result.requests.first else { return }
        #expect(request.path == path, sourceLocation: location)
        #expect(request.query == query, sourceLocation: location)
        #expect(latin1(request.body) == body, sourceLocation: location)
        #expect(request.keepsAlive == keepsAlive, sourceLocation: location)
        #expect(result.end == (keepsAlive ? .idle : .closed), sourceLocation: location)
        let stream = octets(text)
        let begin = stream.firstIndex { $0 != 0x0D && $0 != 0x0A } ?? 0
        for count in 1..<stream.count {
            let prefix = Transcript(Array(stream.prefix(count)))
            #expect(prefix.requests.isEmpty, "prefix of \(count)", sourceLocation: location)
            #expect(prefix.end == (count > begin ? .incomplete : .idle), "prefix of \(count)", sourceLocation: location)
        }
    }

    private func expectRefusal(
        _ rule: RequestRule, _ text: String, limits: Limits = Limits(),
        _ location: SourceLocation = #_sourceLocation
    ) {
        let stream = octets(text)
        let result = read(stream, limits: limits, location)
        #expect(result.end == .refused(rule), "\(text.debugDescription)", sourceLocation: location)
        #expect(result.requests.isEmpty, sourceLocation: location)
        for count in 1..<stream.count {
            let end = Transcript(Array(stream.prefix(count)), limits: limits).end
            let isConsistent = end == .refused(rule) || end == .incomplete || end == .idle
            #expect(isConsistent, "prefix of \(count): \(end)", sourceLocation: location)
        }
    }

    private let host = "Host: localhost\r\n"

    // MARK: Accepted

    @Test func `targets in their three forms`() {
        expectRequest("GET / HTTP/1.1\r\n\(host)\r\n", path: "/")
        expectRequest("GET /a/b?c=d&e HTTP/1.1\r\n\(host)\r\n", path: "/a/b", query: "c=d&e")
        expectRequest("GET /a?b?c HTTP/1.1\r\n\(host)\r\n", path: "/a", query: "b?c")
        expectRequest("GET /? HTTP/1.1\r\n\(host)\r\n", path: "/")
        expectRequest("GET //a/./../%2e%2F;x=1 HTTP/1.1\r\n\(host)\r\n", path: "//a/./../%2e%2F;x=1")
        expectRequest("GET /?a[]=1 HTTP/1.1\r\n\(host)\r\n", path: "/", query: "a[]=1")
        expectRequest("GET http://x.example:80/a?b HTTP/1.1\r\n\(host)\r\n", path: "/a", query: "b")
        expectRequest("GET HTTPS://[::1] HTTP/1.1\r\n\(host)\r\n", path: "/")
        expectRequest("GET http://x?b HTTP/1.1\r\n\(host)\r\n", path: "/", query: "b")
        expectRequest("OPTIONS * HTTP/1.1\r\n\(host)\r\n", path: "*")
    }

    @Test func `every method that is implemented`() {
        for method in Method.allCases {
            expectRequest("\(method.name) /x HTTP/1.1\r\n\(host)\r\n", path: "/x")
        }
    }

    @Test func `up to two empty lines in front of a request`() {
        expectRequest("\r\nGET / HTTP/1.1\r\n\(host)\r\n", path: "/")
        expectRequest("\r\n\r\nGET / HTTP/1.1\r\n\(host)\r\n", path: "/")
    }

    @Test func `fields of any token name and any text`() {
        expectRequest(
            "GET / HTTP/1.1\r\nhOsT:localhost\t \r\n!#$%&'*+-.^_`|~0Z:\t\u{80}\u{FF} \"\\\r\nEmpty:\r\n\r\n", path: "/")
        expectRequest("GET / HTTP/1.1\r\n\(host)Content_Length: 5\r\nTransfer_Encoding: x\r\n\r\n", path: "/")
    }

    @Test func `connections that persist and connections that do not`() {
        expectRequest("GET / HTTP/1.1\r\n\(host)Connection: keep-alive\r\n\r\n", path: "/")
        expectRequest("GET / HTTP/1.1\r\n\(host)Connection: x, ,CLOSE\r\n\r\n", path: "/", keepsAlive: false)
        expectRequest(
            "GET / HTTP/1.1\r\n\(host)Connection: x\r\nConnection: Close\r\n\r\n", path: "/", keepsAlive: false)
        expectRequest("GET / HTTP/1.1\r\n\(host)Connection: closed, enclose\r\n\r\n", path: "/")
        expectRequest("GET / HTTP/1.0\r\n\r\n", path: "/", keepsAlive: false)
        expectRequest("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", path: "/", keepsAlive: false)
    }

    @Test func `bodies with a length`() {
        expectRequest("POST / HTTP/1.1\r\n\(host)Content-Length: 5\r\n\r\nhello", path: "/", body: "hello")
        expectRequest("POST / HTTP/1.1\r\n\(host)cONTENT-lENGTH:0003\r\n\r\n\r\n\n", path: "/", body: "\r\n\n")
        expectRequest("POST / HTTP/1.1\r\n\(host)Content-Length: 0\r\n\r\n", path: "/")
        expectRequest("GET / HTTP/1.0\r\nContent-Length: 2\r\n\r\nab", path: "/", body: "ab", keepsAlive: false)
    }

    private let chunked = "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test func `bodies in chunks`() {
        expectRequest("\(chunked)0\r\n\r\n", path: "/")
        expectRequest("\(chunked)5\r\nhello\r\n0\r\n\r\n", path: "/", body: "hello")
        expectRequest("\(chunked)5\r\nhello\r\n006\r\n world\r\n000\r\n\r\n", path: "/", body: "hello world")
        expectRequest(
            "\(chunked)A\r\n0123456789\r\na\r\n\r\n\r\n\r\n\r\n\r\n\r\n0\r\n\r\n", path: "/",
            body: "0123456789\r\n\r\n\r\n\r\n\r\n")
        expectRequest("\(chunked)0000000000000001\r\nx\r\n0\r\n\r\n", path: "/", body: "x")
        expectRequest("\(chunked)1\r\nx\r\n0\r\nVary: *\r\nEmpty:\r\nX-Host: evil\r\n\r\n", path: "/", body: "x")
    }

    @Test func `chunk extensions are read and ignored`() {
        for text in [
            ";a", " ; a", "\t;\ta", ";a=b", ";a = b", ";a=\"\"", ";a= \"b;\\\"\\\\ \u{FF}\t\"", ";a=\"b\" ;c;d=e",
            ";a ;b",
        ] {
            expectRequest("\(chunked)1\(text)\r\nx\r\n0\(text)\r\n\r\n", path: "/", body: "x")
        }
    }

    @Test func `spellings of chunked`() {
        for field in [
            "Transfer-Encoding: Chunked", "transfer-encoding:chunked ", "TRANSFER-ENCODING:\tCHUNKED",
        ] {
            expectRequest("POST / HTTP/1.1\r\n\(host)\(field)\r\n\r\n1\r\nx\r\n0\r\n\r\n", path: "/", body: "x")
        }
    }

    @Test func `requests one behind another`() {
        let stream = octets(
            "POST /1 HTTP/1.1\r\n\(host)Content-Length: 2\r\n\r\nab\r\n\(chunked)1\r\nx\r\n0\r\n\r\nGET /3 HTTP/1.0\r\n\r\nGET /4 HTTP/1.0\r\n\r\n"
        )
        let result = read(stream, #_sourceLocation)
        #expect(result.requests.map(\.path) == ["/1", "/", "/3"])
        #expect(result.requests.map { latin1($0.body) } == ["ab", "x", ""])
        #expect(result.end == .closed)
    }

    @Test func `a refused request behind a good one`() {
        let result = read(octets("GET /1 HTTP/1.1\r\n\(host)\r\nGET /2 HTTP/1.1\n\n"), #_sourceLocation)
        #expect(result.requests.map(\.path) == ["/1"])
        #expect(result.end == .refused(.bareLineFeed))
    }

    @Test func `empty lines alone are no request`() {
        #expect(Transcript(octets("\r\n\r\n")).end == .idle)
        #expect(Transcript(octets("\r\n\r")).end == .idle)
        #expect(Transcript(octets("\r\nG")).end == .incomplete)
    }

    // MARK: Refused

    @Test(arguments: refusals.indices)
    func `what breaks a rule is refused by that rule`(_ index: Int) {
        let (rule, streams) = refusals[index]
        for stream in streams { expectRefusal(rule, stream) }
    }
}
