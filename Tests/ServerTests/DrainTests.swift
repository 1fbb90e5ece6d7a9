import HTTP
import Linux
import Synchronization
import TestSupport
import Testing

@Suite struct DrainTests {
    @Test func `every request that was read is answered, and the last answer says close`() throws {
        let server = try TestServer()
        let answered = Atomic<Int>(0)
        let announced = Atomic<Int>(0)
        let threads = try (0..<4).map { number in
            let client = try server.client()
            _ = try client.get("/first")
            let handoff = Handoff(client)
            return BackgroundThread {
                let client = handoff.take()
                // A client learns of the end from an answer, or finds its connection closed before it was read from.
                while let answer = try? client.get("/\(number)") {
                    answered.add(1, ordering: .relaxed)
                    if answer.header("Connection") == "close" {
                        announced.add(1, ordering: .relaxed)
                        break
                    }
                }
            }
        }
        try eventually("some requests") { answered.load(ordering: .relaxed) > 100 }
        server.drain()
        for thread in threads { thread.join() }
        server.join()
        #expect(server.record.served.load(ordering: .relaxed) == answered.load(ordering: .relaxed) + 4)
        #expect(announced.load(ordering: .relaxed) == 4)
    }

    @Test(arguments: [false, true])
    func `a drain waits for held requests and for requests that have begun`(atOnce: Bool) throws {
        let server = try TestServer { $0.drainGraceMilliseconds = 0 }
        let held = try server.client()
        try held.send(requestBytes("GET", "/hold"))
        let cut = try server.client()
        try cut.send("GET /cut HT")
        let begun = try server.client()
        try begun.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo")
        let idle = try server.client()
        _ = try idle.get("/")
        try eventually("the held request") { server.record.held.load(ordering: .relaxed) == 1 }
        server.drain()
        #expect(idle.isEnded())
        server.mailbox.post(.release(lastFirst: true, atOnce: atOnce))
        #expect(try held.receiveAnswer().text == "/hold")
        try begun.send("dy")
        let last = try begun.receiveAnswer()
        #expect(last.text == "body")
        #expect(last.header("Connection") == "close")
        #expect(begun.isEnded())
        try cut.send("TP/1.1\r\nHost: x\r\n\r\n")
        #expect(try cut.receiveAnswer().text == "/cut")
        server.join()
    }

    @Test func `a client at work learns of the end from an answer`() throws {
        let server = try TestServer { $0.drainGraceMilliseconds = 60_000 }
        let client = try server.client()
        _ = try client.get("/")
        server.drain()
        try eventually("the listener to be closed") { (try? server.client()) == nil }
        let answer = try client.get("/last")
        #expect(answer.text == "/last")
        #expect(answer.header("Connection") == "close")
        #expect(client.isEnded())
        server.join()
    }

    @Test func `who had connected before the end is served, however many they are`() throws {
        let server = try TestServer { $0.acceptsPerTurn = 1 }
        var clients: [TestClient] = []
        try server.standingStill {
            server.drain()
            clients = try (0..<20).map { _ in try server.client() }
            for client in clients { try client.send(requestBytes("GET", "/last")) }
            for client in clients { try client.socket.waitForDelivery() }
        }
        for client in clients { #expect(try client.receiveAnswer().header("Connection") == "close") }
        server.join()
    }

    @Test func `nobody new is accepted`() throws {
        let server = try TestServer()
        let idle = try server.client()
        server.drain()
        #expect(idle.isEnded())
        server.join()
        #expect(throws: SystemFailure.self) { _ = try server.client() }
    }

    @Test func `a drain ends at its deadline though a request is not answered`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send(requestBytes("GET", "/hold"))
        try eventually("the held request") { server.record.held.load(ordering: .relaxed) == 1 }
        server.drain(milliseconds: 150)
        server.join()
        #expect(client.isEnded())
    }

    @Test func `an announced close lets all requests that are here be served first`() throws {
        let server = try TestServer()
        let client = try server.client()
        server.mailbox.post(.announceClose)
        try eventually("the announcement to be read") { try server.client().get("/").header("Connection") == "close" }
        try client.send((1...3).flatMap { requestBytes("GET", "/\($0)") })
        #expect(try client.receiveAnswer().header("Connection") == nil)
        #expect(try client.receiveAnswer().header("Connection") == nil)
        let last = try client.receiveAnswer()
        #expect(last.text == "/3")
        #expect(last.header("Connection") == "close")
        #expect(client.isEnded())
    }
}
