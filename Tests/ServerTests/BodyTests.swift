import HTTP
import Linux
import Synchronization
import TestSupport
import Testing

@Suite struct BodyTests {
    static let chunked = "4\r\nchur\r\n9;a=b\r\nn service\r\n0\r\nTrailer: x\r\n\r\n"

    static let requests: [String] = [
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\n\r\nchurn service",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(chunked)",
    ]

    @Test(arguments: requests)
    func `a request may be cut anywhere`(request: String) throws {
        let server = try TestServer()
        let client = try server.client()
        let probe = try server.client()
        let bytes = Array((request + "GET /next HTTP/1.1\r\nHost: x\r\n\r\n").utf8)
        for cut in 1..<bytes.count {
            try client.send(Array(bytes[..<cut]))
            try server.settle(probe)
            try client.send(Array(bytes[cut...]))
            #expect(try client.receiveAnswer().text == "churn service", "cut at \(cut)")
            #expect(try client.receiveAnswer().text == "/next", "cut at \(cut)")
        }
    }

    @Test(arguments: requests)
    func `requests may come octet by octet`(request: String) throws {
        let server = try TestServer()
        let client = try server.client()
        let probe = try server.client()
        for byte in (request + request).utf8 {
            try client.send([byte])
            try server.settle(probe)
        }
        #expect(try client.receiveAnswer().text == "churn service")
        #expect(try client.receiveAnswer().text == "churn service")
    }

    @Test func `a body as large as is allowed comes whole`() throws {
        let server = try TestServer()
        let client = try server.client()
        let body = (0..<(1 << 20)).map { UInt8(0x41 + $0 % 23) }
        #expect(try client.request("POST", "/", body: body).body == body)
        let chunks = stride(from: 0, to: body.count, by: 5000).flatMap { start in
            let chunk = body[start..<min(start + 5000, body.count)]
            return Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [13, 10]
        }
        let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        try client.send(Array(head.utf8) + chunks + Array("0\r\n\r\n".utf8))
        #expect(try client.receiveAnswer().body == body)
        #expect(try client.get("/after").text == "/after")
    }

    @Test func `a larger body is refused`() throws {
        let server = try TestServer { $0.bodyBytes = 1000 }
        for framing in ["Content-Length: 1001\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3e9\r\n"] {
            let client = try server.client()
            try client.send("POST / HTTP/1.1\r\nHost: x\r\n\(framing)")
            let answer = try client.receiveAnswer()
            #expect(answer.status == 413)
            #expect(answer.header("Connection") == "close")
            #expect(client.isEnded())
        }
    }

    @Test func `a client that expects it is told to go on`() throws {
        let server = try TestServer()
        let client = try server.client()
        for _ in 0..<2 {
            try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
            #expect(try client.receiveAnswer().status == 100)
            try client.send("body")
            let answer = try client.receiveAnswer()
            #expect(answer.status == 200)
            #expect(answer.text == "body")
        }
    }

    @Test func `going on is not said before the answers that come first`() throws {
        let server = try TestServer()
        let client = try server.client()
        let probe = try server.client()
        try client.send(requestBytes("GET", "/hold"))
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        try server.settle(probe)
        server.mailbox.post(.release(lastFirst: true))
        #expect(try client.receiveAnswer().text == "/hold")
        #expect(try client.receiveAnswer().status == 100)
        try client.send("body")
        #expect(try client.receiveAnswer().text == "body")
    }

    @Test func `going on is not said to a client that has not waited`() throws {
        let server = try TestServer()
        let client = try server.client()
        let probe = try server.client()
        let head = "POST /hold HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        try client.send(requestBytes("GET", "/hold"))
        try client.send(head)
        try server.settle(probe)
        try client.send("body" + head + "more")
        try eventually("all three to be held") { server.record.held.load(ordering: .relaxed) == 3 }
        server.mailbox.post(.release(lastFirst: false))
        for text in ["/hold", "body", "more"] {
            let answer = try client.receiveAnswer()
            #expect(answer.status == 200)
            #expect(answer.text == text)
        }
    }

    @Test(arguments: ["Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"])
    func `a short body is let come before its request is refused, so that the connection goes on`(rest: String) throws {
        let server = try TestServer()
        let client = try server.client()
        let probe = try server.client()
        for byte in "POST /refuse HTTP/1.1\r\nHost: x\r\n\(rest)GET /next HTTP/1.1\r\nHost: x\r\n\r\n".utf8 {
            try client.send([byte])
            try server.settle(probe)
        }
        // The service has its say where it has the whole request.
        #expect(try client.receiveAnswer().text == "hello")
        #expect(try client.receiveAnswer().text == "/next")
    }

    @Test(arguments: ["Content-Length: 1001\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3e9\r\n"])
    func `a long body is not`(framing: String) throws {
        let server = try TestServer { $0.bodyBytesBeforeRefusal = 1000 }
        let client = try server.client()
        try client.send("POST /refuse HTTP/1.1\r\nHost: x\r\n\(framing)")
        if framing.hasPrefix("Transfer") { try client.send([UInt8](repeating: 0x61, count: 1001)) }
        let answer = try client.receiveAnswer()
        #expect(answer.status == 503)
        #expect(answer.header("Connection") == "close")
        #expect(client.isEnded())
        #expect(server.record.served.load(ordering: .relaxed) == 0)
    }

    @Test func `a body that is never whole is late from the end of its head on`() throws {
        let server = try TestServer { ($0.bodyMilliseconds, $0.headMilliseconds) = (300, 60_000) }
        let client = try server.client()
        let probe = try server.client()
        for part in ["POST / HTTP/1.1\r\nHost: x\r\n", "Content-Length: 5\r\n\r\nhel"] {
            try client.send(part)
            try server.settle(probe)
        }
        #expect(try client.receiveAnswer().status == 408)
        #expect(client.isEnded())
    }

    @Test func `a request can be refused before its body has come`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send("POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        let answer = try client.receiveAnswer()
        #expect(answer.status == 503)
        #expect(answer.header("Connection") == "close")
        #expect(client.isEnded())
        #expect(server.record.served.load(ordering: .relaxed) == 0)
    }
}
