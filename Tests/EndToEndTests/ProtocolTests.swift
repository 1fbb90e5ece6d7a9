import TestSupport
import Testing

extension EndToEnd.OneService {
    /// HTTP/1.1 as a caller sees it on the wire.
    struct ProtocolTests {
        let client: TestClient

        init() throws { client = try RunningService.client() }

        @Test func `HEAD answers as GET does, without the body`() throws {
            for path in ["/", "/model", "/health/live", "/openapi.json"] {
                let get = try client.get(path)
                let head = try client.request("HEAD", path)
                #expect(head.status == get.status && head.body.isEmpty)
                #expect(head.header("Content-Length") == get.header("Content-Length"), "\(path)")
                #expect(head.header("Content-Type") == get.header("Content-Type"))
            }
            #expect(try client.get("/health/live").status == 200, "the connection is in step")
        }

        @Test func `every answer has a date and a length`() throws {
            for path in ["/", "/nothing", "/metrics"] {
                let date = try #require(client.get(path).header("Date"))
                #expect(date.wholeMatch(of: /[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/) != nil)
            }
        }

        /// RFC 9110 §9.3.7; a body of such a request is read and forgotten.
        @Test func `OPTIONS * is about the server, and OPTIONS of a path about the path`() throws {
            for body in [nil, Array("hello".utf8)] {
                let answer = try client.request("OPTIONS", "*", body: body)
                #expect(answer.status == 200 && answer.body.isEmpty)
                #expect(answer.header("Content-Length") == "0" && answer.header("Content-Type") == nil)
                #expect(answer.header("Allow") == "GET, HEAD, POST, OPTIONS")
            }
            try client.send("OPTIONS * HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n")
            _ = try RunningService.client().get("/health/live")
            try client.send("abc")
            #expect(try client.receiveAnswer().status == 200)
            try client.send("OPTIONS * HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            #expect(try client.receiveAnswer().status == 100)
            try client.send("abc")
            #expect(try client.receiveAnswer().status == 200)
            #expect(try client.request("OPTIONS", "/predict").header("Allow") == "POST")
            #expect(try client.request("OPTIONS", "/*").status == 404)
        }

        @Test func `an answer is packed for who can unpack it`() throws {
            let plain = try client.get("/openapi.json")
            let packed = try client.get("/openapi.json", headers: ["Accept-Encoding: gzip"])
            #expect(packed.header("Content-Encoding") == "gzip")
            #expect(packed.header("Vary")?.lowercased().contains("accept-encoding") == true)
            #expect(packed.body.count < plain.body.count / 2)
            #expect(try gunzipped(packed.body) == plain.body)
            let refused = try client.get("/openapi.json", headers: ["Accept-Encoding: gzip;q=0"])
            #expect(refused.header("Content-Encoding") == nil)
        }

        @Test func `a packed request body is unpacked`() throws {
            let body = try gzipped(Array(batch((0..<100).map { customer("P-\($0)") }).utf8))
            let answer = try client.request(
                "POST", "/predict?record=false",
                headers: ["Content-Type: application/json", "Content-Encoding: gzip"], body: body)
            #expect(answer.status == 200, "\(answer.text)")
        }

        @Test func `a body may come in chunks, however they are cut`() throws {
            let body = Array(customer("C-chunks").utf8)
            let head =
                "POST /predict?record=false HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
            for size in [1, 2, 7, body.count] {
                try client.send(head)
                for start in stride(from: 0, to: body.count, by: size) {
                    let part = body[start..<min(start + size, body.count)]
                    try client.send(Array("\(String(part.count, radix: 16))\r\n".utf8) + part + [13, 10])
                }
                try client.send("0\r\n\r\n")
                #expect(try client.receiveAnswer().status == 200, "chunks of \(size)")
            }
        }

        @Test func `who asks whether to send the body is told to, once`() throws {
            let body = customer("C-100")
            try client.send(
                "POST /predict?record=false HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Expect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
            #expect(try client.receiveAnswer().status == 100)
            try client.send(body)
            #expect(try client.receiveAnswer().status == 200)
        }

        @Test func `who asks whether to send a body that will be refused is told so`() throws {
            try client.send(
                "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\n"
                    + "Content-Length: 100\r\n\r\n")
            #expect(try client.receiveAnswer().status == 415)
        }

        @Test(arguments: [
            ("GET / HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\nHost: a\n\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nA: \u{01}\r\n\r\n", 400),
            ("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400),
            ("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", 400),
            ("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
            (
                "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
                400
            ),
            ("GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
            ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "A: b\r\n", count: 80))\r\n", 431),
            ("GET / HTTP/1.1\r\nHost: a\r\nA: \(String(repeating: "b", count: 20_000))\r\n\r\n", 431),
        ])
        func `a request that can be read in two ways is refused, and the connection ended`(
            request: String, status: Int
        ) throws {
            try client.send(request)
            let answer = try client.receiveAnswer()
            let accepted = status == 400 && request.contains("999") ? [400, 413] : [status]
            #expect(accepted.contains(answer.status), "\(request.prefix(60)): \(answer.status)")
            #expect(answer.header("Connection")?.lowercased() == "close")
            #expect(try client.receiveToEnd().isEmpty)
        }

        @Test func `the connection ends when the caller asks`() throws {
            let answer = try client.get("/health/live", headers: ["Connection: close"])
            #expect(answer.status == 200)
            #expect(client.isEnded())
            let old = try RunningService.client()
            try old.send("GET /health/live HTTP/1.0\r\n\r\n")
            #expect(try old.receiveAnswer().status == 200)
            #expect(old.isEnded())
        }

        @Test func `a caller that has finished sending still gets its answers`() throws {
            for _ in 0..<3 {
                try client.send(requestBytes("GET", "/health/live"))
            }
            client.socket.finishSending()
            for _ in 0..<3 { #expect(try client.receiveAnswer().status == 200) }
            #expect(client.isEnded())
        }

        @Test func `a caller that vanishes disturbs nobody, and its row is kept`() throws {
            let psql = RunningService.current.psql
            do {
                let gone = try RunningService.client()
                gone.socket.resetWhenClosed()
                let body = Array(customer("C-vanished").utf8)
                try gone.send(requestBytes("POST", "/predict", headers: ["Content-Type: application/json"], body: body))
                // Only when the row is there is it known that the request was read before the reset.
                try eventually("the row") {
                    try psql.value("SELECT count(*) FROM predictions WHERE customer_id = 'C-vanished'") == "1"
                }
            }
            #expect(try client.get("/health/live").status == 200)
        }
    }
}
