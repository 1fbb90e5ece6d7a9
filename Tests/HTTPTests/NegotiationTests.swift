import HTTP
import Testing

@Suite struct NegotiationTests {
    private func preferred(_ accept: String?, _ offers: [MediaType] = [.json, .csv]) -> MediaType? {
        let bytes = octets(accept ?? "")
        return Negotiation.preferred(among: offers, bytes.span, accept: accept.map { _ in 0..<bytes.count })
    }

    @Test(
        arguments: [
            (nil, .json), ("", .json), ("*/*", .json), ("application/json", .json), ("text/csv", .csv),
            ("TEXT/CSV", .csv),
            ("text/*", .csv), ("text/csv, application/json", .json), ("text/csv, application/json;q=0.9", .csv),
            ("application/json;q=0.5,text/csv;q=0.501", .csv), ("*/*;q=0.1, text/csv", .csv),
            ("*/*, application/json;q=0", .csv),
            ("text/html, */*;q=0.1", .json), ("text/csv;charset=utf-8;Q=0.3, application/*;q=0.2", .csv),
            ("application/json;q=0, text/csv;q=0", nil), ("text/html", nil), ("application/*;q=0, */*", .csv),
            ("text/csv;a=\",;q=0\", application/json;q=0.5", .csv), ("text/html;q=1, , text/csv ; q=0.1 ,", .csv),
            // What is malformed counts as absent.
            ("json, text/csv", .csv), ("*/json, text/csv;q=0.1", .csv), ("text/csv;q=2", nil),
            ("text/csv;q=0.1234", nil),
            ("text/csv;q=", nil), ("text/csv;q=1.001", nil), ("text/csv;q=.5", nil), ("application/json/x", nil),
            ("/json", nil),
        ] as [(String?, MediaType?)])
    func `the form that a client likes best`(_ accept: String?, _ type: MediaType?) {
        #expect(preferred(accept) == type)
    }

    @Test func `the type of a metrics page is plain text`() {
        #expect(preferred("text/plain;version=0.0.4;q=0.5,*/*;q=0.1", [.exposition]) == .exposition)
        #expect(preferred("application/openmetrics-text", [.exposition]) == nil)
    }

    @Test(
        arguments: [
            (nil, false), ("", false), ("gzip", true), ("GZip", true), ("x-gzip", true),
            ("deflate, gzip;q=1.0, *;q=0.5", true),
            ("gzip;q=0", false), ("gzip;q=0.000", false), ("gzip;q=0.001", true), ("*", true), ("*;q=0", false),
            ("*, gzip;q=0", false),
            ("identity", false), ("identity, gzip", true), ("br", false), ("identity;q=0.5, gzip;q=1", true),
            ("identity, gzip;q=0.5", false),
            ("identity;q=0, gzip;q=0.1", true), ("gzipped", false), ("gzip ; q=0.5", true), ("gzip;q=x", false),
        ] as [(String?, Bool)])
    func `whether an answer may be compressed`(_ value: String?, _ accepts: Bool) {
        let bytes = octets(value ?? "")
        let range = value.map { _ in 0..<bytes.count }
        let answer = Negotiation.acceptsGzip(bytes.span, acceptEncoding: range)
        #expect(answer == accepts)
    }

    @Test(arguments: [
        ("application/json", true), ("Application/JSON", true), ("application/json; charset=utf-8", true),
        ("application/json;x", true), ("application/json ;x", true), ("application/jsonx", false),
        ("application/problem+json", false), ("text/json", false), ("application", false), ("application/", false),
        ("/json", false), ("", false), ("application/json, text/csv", false),
    ])
    func `the type of a body`(_ value: String, _ isJSON: Bool) {
        let bytes = octets(value)
        let matches = MediaType.json.matches(contentType: 0..<bytes.count, bytes.span)
        #expect(matches == isJSON)
    }

    @Test func `the coding of a body`() throws {
        func coding(_ value: String) throws(RequestError) -> ContentCoding {
            let bytes = octets(value)
            return try ContentCoding(bytes.span, contentEncoding: 0..<bytes.count)
        }
        let empty: [UInt8] = []
        let none = try ContentCoding(empty.span, contentEncoding: nil)
        #expect(none == .identity)
        #expect(try coding("") == .identity)
        #expect(try coding("identity") == .identity)
        #expect(try coding("GZIP") == .gzip)
        #expect(try coding("x-gzip , identity,") == .gzip)
        for other in ["br", "gzip, gzip", "gzip, br", "deflate", "gzip;q=1"] {
            #expect(throws: RequestError(.unknownContentCoding)) { try coding(other) }
        }
    }

    @Test(arguments: [
        ("\"a\"", true), ("W/\"a\"", true), ("\"b\", W/\"a\"", true), ("*", true), ("\"b\"", false), ("a", false),
        ("", false),
        ("\"aa\"", false), ("w/\"a\"", false), ("\"x,\"a\"", false), ("\"b\",\"c,d\" , \"a\"", true), ("W/", false),
    ])
    func `the tag of a resource`(_ value: String, _ matches: Bool) {
        let bytes = octets(value)
        let tag = octets("\"a\"")
        let answer = EntityTag.matches(ifNoneMatch: 0..<bytes.count, bytes.span, tag: tag.span)
        #expect(answer == matches)
    }
}
