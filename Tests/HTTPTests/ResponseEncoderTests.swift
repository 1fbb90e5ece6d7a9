import Bytes
import HTTP
import Testing

@Suite struct ResponseEncoderTests {
    private let date = DateCache(secondsSince1970: 784_111_777)
    private let dateLine = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

    private func answer(
        _ status: Status, closes: Bool = false, type: MediaType = .json, body: String, isHead: Bool = false
    ) -> String {
        var output = ByteBuffer()
        var response = ResponseEncoder(status, closes: closes, date: date, into: &output)
        response.beginBody(type, into: &output)
        output.append(text: body)
        response.end(isHead: isHead, into: &output)
        #expect(response.bodyStart == output.count - (isHead ? 0 : body.utf8.count))
        return output.text
    }

    @Test func `a whole answer`() {
        #expect(
            answer(.ok, body: "{}") == """
                HTTP/1.1 200 OK\r
                Date: Sun, 06 Nov 1994 08:49:37 GMT\r
                Content-Type: application/json\r
                Content-Length: 2\r
                \r
                {}
                """)
    }

    @Test func `an answer that ends its connection`() {
        #expect(
            answer(.serviceUnavailable, closes: true, type: .problem, body: "{}") == """
                HTTP/1.1 503 Service Unavailable\r
                Date: Sun, 06 Nov 1994 08:49:37 GMT\r
                Connection: close\r
                Content-Type: application/problem+json\r
                Content-Length: 2\r
                \r
                {}
                """)
    }

    @Test(arguments: [0, 9, 100, 2_000]) func `the fields of a quota, before the body is made and after`(_ count: Int) {
        let limit = RateLimit(quota: 20, windowSeconds: 60, remaining: 7, resetSeconds: 39)
        let texts = [false, true].map { isLate in
            var output = ByteBuffer()
            output.append("before it")
            var response = ResponseEncoder(.ok, closes: false, date: date, into: &output)
            if !isLate { response.rateLimit(limit, into: &output) }
            response.beginBody(.json, into: &output)
            output.append(text: filler(count))
            if isLate { response.insert(limit, into: &output) }
            response.end(isHead: false, into: &output)
            #expect(response.bodyStart == output.count - count)
            return output.text
        }
        #expect(texts[0] == texts[1])
        #expect(
            texts[0].contains("\r\nRateLimit-Policy: \"key\";q=20;w=60\r\nRateLimit: \"key\";r=7;t=39\r\nContent-Type"))
    }

    @Test func `a head whose body is elsewhere`() {
        var output = ByteBuffer()
        var response = ResponseEncoder(.ok, closes: false, date: date, into: &output)
        response.endHead(.json, bodyCount: 75_000, into: &output)
        #expect(output.text.hasSuffix("\r\nContent-Type: application/json\r\nContent-Length: 75000\r\n\r\n"))
        #expect(response.bodyStart == output.count)
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 101, 538, 999, 1_000, 9_999, 10_000, 123_456, 1_000_000])
    func `lengths of any number of digits`(_ count: Int) {
        let body = filler(count)
        let fields = "HTTP/1.1 200 OK\r\n\(dateLine)Content-Type: text/csv; charset=utf-8\r\n"
        #expect(answer(.ok, type: .csv, body: body) == "\(fields)Content-Length: \(count)\r\n\r\n\(body)")
        #expect(
            answer(.ok, type: .csv, body: body, isHead: true) == "\(fields)Content-Length: \(count)\r\n\r\n")
    }

    @Test func `answers without a body`() {
        for (status, length) in [(Status.noContent, ""), (.notModified, ""), (.ok, "Content-Length: 0\r\n")] {
            var output = ByteBuffer()
            var response = ResponseEncoder(status, closes: false, date: date, into: &output)
            response.endWithoutBody(into: &output)
            #expect(output.text == "HTTP/1.1 \(status.code) \(status.reason)\r\n\(dateLine)\(length)\r\n")
            #expect(response.bodyStart == output.count)
        }
    }

    @Test func `answers one behind another`() {
        var output = ByteBuffer()
        var starts: [Int] = []
        for body in ["", filler(500), filler(2_000)] {
            var response = ResponseEncoder(.ok, closes: false, date: date, into: &output)
            starts.append(response.start)
            response.beginBody(.text, into: &output)
            output.append(text: body)
            response.end(isHead: false, into: &output)
        }
        let fields = "HTTP/1.1 200 OK\r\n\(dateLine)Content-Type: text/plain; charset=utf-8\r\nContent-Length: "
        let answers = [
            "\(fields)0\r\n\r\n", "\(fields)500\r\n\r\n\(filler(500))",
            "\(fields)2000\r\n\r\n\(filler(2_000))",
        ]
        #expect(output.text == answers.joined())
        #expect(starts == [0, answers[0].utf8.count, answers[0].utf8.count + answers[1].utf8.count])
    }

    @Test func `fields of every kind`() {
        var source = ByteBuffer()
        source.append(text: "<id-7>")
        var output = ByteBuffer()
        let response = ResponseEncoder(.methodNotAllowed, closes: false, date: date, into: &output)
        let start = output.count
        response.allow([.post, .get, .head, .options], into: &output)
        response.field("Vary", "Accept-Encoding", into: &output)
        response.field("Retry-After", decimal: 120, into: &output)
        response.field("X-Request-ID", source, 1..<5, into: &output)
        response.field("ETag", into: &output) { output in output.append("\"7\"") }
        #expect(
            output.text(start..<output.count) == """
                Allow: GET, HEAD, POST, OPTIONS\r
                Vary: Accept-Encoding\r
                Retry-After: 120\r
                X-Request-ID: id-7\r
                ETag: "7"\r\n
                """)
    }

    @Test func `an empty Allow says that nothing is allowed`() {
        var output = ByteBuffer()
        let response = ResponseEncoder(.methodNotAllowed, closes: false, date: date, into: &output)
        let start = output.count
        response.allow([], into: &output)
        #expect(output.text(start..<output.count) == "Allow: \r\n")
    }

    @Test func `no value can end its own line`() {
        var source = ByteBuffer()
        source.append(text: "a\r\nSet-Cookie: b\0\u{7F}\tc\n")
        var output = ByteBuffer()
        let response = ResponseEncoder(.ok, closes: false, date: date, into: &output)
        let start = output.count
        response.field("A", source, 0..<source.count, into: &output)
        response.field("B", into: &output) { output in output.append("\nx\r") }
        #expect(output.text(start..<output.count) == "A: a  Set-Cookie: b  \tc \r\nB:  x \r\n")
    }

    @Test func `a buffer that has grown once is enough for ever`() {
        var output = ByteBuffer()
        var capacities: Set<Int> = []
        for _ in 0..<3 {
            output.removeAll()
            var response = ResponseEncoder(.ok, closes: true, date: date, into: &output)
            response.beginBody(.json, into: &output)
            for _ in 0..<1_000 { output.append(byte: 0x61) }
            response.end(isHead: false, into: &output)
            capacities.insert(output.capacity)
        }
        #expect(capacities.count == 1)
    }

    @Test func `the answer in between`() {
        var output = ByteBuffer()
        appendContinue(to: &output)
        #expect(output.text == "HTTP/1.1 100 Continue\r\n\r\n")
    }

    @Test func `status lines have the code and the reason of their status`() {
        for status in Status.allCases {
            var output = ByteBuffer()
            _ = ResponseEncoder(status, closes: false, date: date, into: &output)
            #expect(output.text == "HTTP/1.1 \(status.code) \(status.reason)\r\n\(dateLine)")
        }
    }

    @Test func `media types`() {
        let types = MediaType.allCases.map { "\($0.contentType)" }
        #expect(
            types == [
                "application/json", "application/problem+json", "text/csv; charset=utf-8", "text/plain; charset=utf-8",
                "text/html; charset=utf-8", "text/plain; version=0.0.4; charset=utf-8",
            ])
    }
}
