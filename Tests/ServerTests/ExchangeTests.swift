import Glibc
import Linux
import Synchronization
import TestSupport
import Testing

@Suite struct ExchangeTests {
    @Test func `a connection serves one request after another`() throws {
        let server = try TestServer()
        let client = try server.client()
        for number in 0..<3 {
            let answer = try client.get("/\(number)")
            #expect(answer.status == 200)
            #expect(answer.text == "/\(number)")
            #expect(answer.header("Connection") == nil)
        }
        #expect(try client.post("/", "{}").text == "{}")
    }

    @Test(arguments: [false, true])
    func `answers leave in the order of their requests, whatever order they are given in`(atOnce: Bool) throws {
        let server = try TestServer()
        let client = try server.client()
        let targets = ["/hold/a", "/hold/b", "/now", "/hold/c", "/hold/d", "/later"]
        try client.send(targets.flatMap { requestBytes("GET", $0) })
        try eventually("four requests to be held") { server.record.held.load(ordering: .relaxed) == 4 }
        server.mailbox.post(.release(lastFirst: true, atOnce: atOnce))
        for target in targets { #expect(try client.receiveAnswer().text == target) }
        #expect(try client.get("/next").text == "/next")
    }

    @Test(arguments: [false, true], [false, true])
    func `no more requests are taken on than answers can be kept`(lastFirst: Bool, atOnce: Bool) throws {
        let server = try TestServer()
        let client = try server.client()
        let probe = try server.client()
        try client.send((0..<40).flatMap { requestBytes("GET", "/hold/\($0)") })
        try server.settle(probe)
        #expect(server.record.held.load(ordering: .relaxed) == 16)
        var received = 0
        for expected in [16, 16, 8] {
            try eventually("held requests") { server.record.held.load(ordering: .relaxed) == expected }
            server.mailbox.post(.release(lastFirst: lastFirst, atOnce: atOnce))
            for _ in 0..<expected {
                #expect(try client.receiveAnswer().text == "/hold/\(received)")
                received += 1
            }
        }
    }

    @Test func `an answer to HEAD has no body, and the next one follows`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send(requestBytes("HEAD", "/head") + requestBytes("GET", "/get"))
        let answer = try client.receiveAnswer(toHead: true)
        #expect(answer.header("Content-Length") == "5")
        #expect(try client.receiveAnswer().text == "/get")
    }

    @Test func `an answer sent at once that the kernel takes in part arrives whole, and so does the next`() throws {
        let server = try TestServer()
        let client = try server.client()
        let probe = try server.client()
        try client.send(requestBytes("GET", "/hold/huge"))
        try eventually("the held request") { server.record.held.load(ordering: .relaxed) == 1 }
        server.mailbox.post(.release(lastFirst: false, atOnce: true))
        try server.settle(probe)
        try client.send(requestBytes("GET", "/next"))
        let answer = try client.receiveAnswer()
        #expect(answer.body.count == 10_000_010)
        #expect(answer.text.hasPrefix("/hold/huge."))
        #expect(try client.receiveAnswer().text == "/next")
    }

    @Test(arguments: [false, true])
    func `a client that has ended its side gets all its answers`(atOnce: Bool) throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send(requestBytes("GET", "/hold/1") + requestBytes("GET", "/2") + Array("GET /incompl".utf8))
        client.socket.finishSending()
        try eventually("the held request") { server.record.held.load(ordering: .relaxed) == 1 }
        server.mailbox.post(.release(lastFirst: true, atOnce: atOnce))
        #expect(try client.receiveAnswer().text == "/hold/1")
        #expect(try client.receiveAnswer().text == "/2")
        #expect(client.isEnded())
    }

    @Test(arguments: [["Connection: close"], []])
    func `nothing is served after the last request that a client announced`(fields: [String]) throws {
        let server = try TestServer()
        let client = try server.client()
        let isOld = fields.isEmpty
        let last = isOld ? Array("GET /last HTTP/1.0\r\n\r\n".utf8) : requestBytes("GET", "/last", headers: fields)
        try client.send(requestBytes("GET", "/first") + last + requestBytes("GET", "/never"))
        #expect(try client.receiveAnswer().header("Connection") == nil)
        let answer = try client.receiveAnswer()
        #expect(answer.text == "/last")
        #expect(answer.header("Connection") == "close")
        #expect(client.isEnded())
        #expect(server.record.served.load(ordering: .relaxed) == 2)
    }

    @Test func `a malformed request is refused behind the answers that are owed`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send(
            requestBytes("GET", "/hold/1") + requestBytes("GET", "/2") + Array("GET / HTTP/1.1\nHost: x\n\n".utf8))
        try eventually("the held request") { server.record.held.load(ordering: .relaxed) == 1 }
        server.mailbox.post(.release(lastFirst: true))
        #expect(try client.receiveAnswer().text == "/hold/1")
        #expect(try client.receiveAnswer().text == "/2")
        let refusal = try client.receiveAnswer()
        #expect(refusal.status == 400)
        #expect(refusal.text == "bare_lf")
        #expect(refusal.header("Connection") == "close")
        #expect(client.isEnded())
    }

    @Test func `a refused client can read its answer though it goes on sending`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send(Array("no request\n".utf8) + [UInt8](repeating: 0x41, count: 1 << 20))
        #expect(try client.receiveAnswer().status == 400)
        try client.send([UInt8](repeating: 0x41, count: 1 << 20))
        #expect(client.isEnded())
    }

    @Test(arguments: [false, true])
    func `a late answer does not reach the next client in the same place`(atOnce: Bool) throws {
        let server = try TestServer(connectionsMax: 2)
        let probe = try server.client()
        do {
            let gone = try server.client()
            try gone.send(requestBytes("GET", "/hold/secret"))
            try eventually("the held request") { server.record.held.load(ordering: .relaxed) == 1 }
            gone.socket.resetWhenClosed()
        }
        try server.settle(probe)
        let next = try server.client()
        try next.send(requestBytes("GET", "/hold/own"))
        try eventually("both held requests") { server.record.held.load(ordering: .relaxed) == 2 }
        server.mailbox.post(.release(lastFirst: false, atOnce: atOnce))
        #expect(try next.receiveAnswer().text == "/hold/own")
        #expect(try next.get("/after").text == "/after")
    }

    @Test func `a descriptor that the service watches is reported to it`() throws {
        let server = try TestServer()
        let client = try server.client()
        let wakeUp = try WakeUp()
        try client.send(requestBytes("GET", "/hold"))
        try eventually("the held request") { server.record.held.load(ordering: .relaxed) == 1 }
        server.mailbox.post(.watch(wakeUp.number))
        wakeUp.wake()
        #expect(try client.receiveAnswer().text == "/hold")
        server.stop()
    }

    @Test func `both loopback addresses are served`() throws {
        let server = try TestServer(host: "localhost")
        #expect(try server.client().get("/four").text == "/four")
        #expect(try server.client(ipv6: true).get("/six").text == "/six")
    }
}
