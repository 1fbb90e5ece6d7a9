import Glibc
import HTTP
import Linux
import Server
import Synchronization
import TestSupport
import Testing

@Suite struct LimitTests {
    @Test func `a head that takes too long is refused`() throws {
        let server = try TestServer { $0.headMilliseconds = 50 }
        let client = try server.client()
        _ = try client.get("/")
        try client.send("GET / HTT")
        let answer = try client.receiveAnswer()
        #expect(answer.status == 408)
        #expect(answer.text == "head_timeout")
        #expect(client.isEnded())
    }

    @Test func `a body that takes too long is refused`() throws {
        let server = try TestServer {
            $0.bodyMilliseconds = 50
            $0.bodyBytesPerSecond = 1 << 20
        }
        let client = try server.client()
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbod")
        let answer = try client.receiveAnswer()
        #expect(answer.status == 408)
        #expect(answer.text == "body_timeout")
        #expect(client.isEnded())
    }

    @Test func `who refuses is told what was asked for, once the request line was read`() throws {
        let server = try TestServer {
            $0.headMilliseconds = 50
            $0.bodyMilliseconds = 50
        }
        let streams: [(sent: String, line: String)] = [
            ("PUT /late HTT", "other other"), ("PUT /late HTTP/1.1\r\nHost: x\r\n", "PUT /late"),
            ("GET /a HTTP/1.1\r\nHost: x\r\n\r\nPUT /late?q HTTP/1.1\r\nHo", "PUT /late"),
            (
                "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /late HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nb",
                "POST /late"
            ),
            ("\r\nFOO /foo HTTP/1.1\r\nHost: x\r\n\r\n", "other /foo"),
            ("GET /a HTTP/1.1\r\nHost: x\r\n\r\nDELETE /bad HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", "DELETE /bad"),
            ("POST /chunk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx", "POST /chunk"),
            ("POST /no  HTTP/1.1\r\nHost: x\r\n\r\n", "other other"), ("POST\r\n\r\n", "other other"),
            ("POST /two HTTP/2.0\r\nHost: x\r\n\r\n", "other other"),
        ]
        for stream in streams {
            let client = try server.client()
            try client.send(stream.sent)
            _ = try client.receiveToEnd()
            #expect(server.record.refused.withLock { $0.last } == stream.line, "\(stream.sent)")
        }
        #expect(server.record.refused.withLock { $0.count } == streams.count)
    }

    @Test func `a connection without requests is closed without an answer`() throws {
        let server = try TestServer { $0.idleMilliseconds = 50 }
        let fresh = try server.client()
        let used = try server.client()
        _ = try used.get("/")
        let blank = try server.client()
        try blank.send("\r\n")
        #expect(fresh.isEnded())
        #expect(used.isEnded())
        try eventually("both to be counted") { server.record.statistics.withLock { $0.idleClosed } == 2 }
    }

    @Test func `a request under way is not idle`() throws {
        let server = try TestServer { $0.idleMilliseconds = 50 }
        let client = try server.client()
        try client.send(requestBytes("GET", "/hold"))
        let idle = try server.client()
        #expect(idle.isEnded())
        server.mailbox.post(.release(lastFirst: true))
        #expect(try client.receiveAnswer().text == "/hold")
    }

    @Test func `a client that does not take its answers is not read from, and gets them when it does`() throws {
        let server = try TestServer()
        let client = try server.client()
        let probe = try server.client()
        for number in 0..<400 { try client.send(requestBytes("GET", "/large/\(number)")) }
        try server.settle(probe)
        // The kernel takes some megabytes of the forty.
        #expect(server.record.served.load(ordering: .relaxed) < 300)
        for number in 0..<400 {
            let answer = try client.receiveAnswer()
            #expect(answer.body.count > 100_000)
            #expect(answer.text.hasPrefix("/large/\(number)."))
        }
        #expect(try client.get("/after").text == "/after")
    }

    @Test func `a client that takes nothing for too long is cut off`() throws {
        let server = try TestServer { $0.writeStallMilliseconds = 100 }
        let client = try server.client()
        for number in 0..<400 { try client.send(requestBytes("GET", "/large/\(number)")) }
        try eventually("the connection to be cut") { server.record.statistics.withLock { $0.stalled } == 1 }
        #expect(throws: TestClient.Failure.self) { while true { _ = try client.receiveAnswer() } }
    }

    @Test func `who left an answer lying once has as much time for the next one`() throws {
        let server = try TestServer {
            $0.writeStallMilliseconds = 1_000
            $0.writeBytesPerSecond = 1 << 30
            $0.outstandingAnswers = 1
        }
        let client = try server.client()
        func takeLargeOnes() throws { for _ in 0..<400 { #expect(try client.receiveAnswer().text == large) } }
        func waitForTicks(_ count: Int) throws {
            let end = server.record.ticks.load(ordering: .relaxed) + count
            try eventually("ticks") { server.record.ticks.load(ordering: .relaxed) >= end }
        }
        let large = "/large" + String(repeating: ".", count: 100_000)
        let crowd = Array(repeating: requestBytes("GET", "/large"), count: 400).joined()
        try client.send(crowd + requestBytes("GET", "/hold") + crowd)
        try takeLargeOnes()
        try eventually("the next one to be held") { server.record.held.load(ordering: .relaxed) == 1 }
        try waitForTicks(12)
        server.mailbox.post(.release(lastFirst: false))
        try waitForTicks(3)
        #expect(try client.receiveAnswer().text == "/hold")
        try takeLargeOnes()
    }

    @Test func `an answer that comes in the wake of a deadline is not taken for one left lying`() throws {
        // No patience at all: whatever has not been sent by then counts as late. Ticks come ten times a second.
        let server = try TestServer { $0.writeStallMilliseconds = 0 }
        let client = try server.client()
        var rounds = 0
        while server.record.ticks.load(ordering: .relaxed) < 12 || rounds < 1000 {
            rounds += 1
            #expect(try client.get("/\(rounds)").text == "/\(rounds)")
        }
        #expect(server.record.statistics.withLock { $0.stalled } == 0)
    }

    @Test func `a refused client that does not end is cut off`() throws {
        let server = try TestServer { $0.lingerMilliseconds = 50 }
        let client = try server.client()
        try client.send("no request\r\n\r\n")
        #expect(try client.receiveAnswer().status == 400)
        try eventually("the connection to be gone") {
            server.record.ticks.load(ordering: .relaxed) > 1 && server.record.connections.load(ordering: .relaxed) == 0
        }
    }

    @Test func `one client too many is told so`() throws {
        let server = try TestServer(connectionsMax: 2)
        let first = try server.client()
        let second = try server.client()
        _ = try first.get("/")
        _ = try second.get("/")
        let third = try server.client()
        let answer = try third.receiveAnswer()
        #expect(answer.status == 503)
        #expect(answer.header("Connection") == "close")
        #expect(answer.text == "one too many")
        #expect(third.isEnded())
        #expect(try first.get("/still").text == "/still")
        try eventually("it to be counted") { server.record.statistics.withLock { $0.overLimit } == 1 }
    }

    @Test func `without descriptors a client is told so, and later ones are served`() async {
        await #expect(processExitsWith: .success) {
            let server = try TestServer()
            let first = try server.client()
            _ = try first.get("/")
            // No descriptor is free but one: the client's own.
            var limit = rlimit(rlim_cur: 128, rlim_max: 128)
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            var taken: [CInt] = []
            while true {
                let number = dup(0)
                if number < 0 { break }
                taken.append(number)
            }
            close(taken.removeLast())
            let second = try server.client()
            try #require(try second.receiveAnswer().status == 503)
            try #require(try first.get("/still").text == "/still")
            for number in taken { close(number) }
            try #require(try server.client().get("/again").text == "/again")
        }
    }
}
