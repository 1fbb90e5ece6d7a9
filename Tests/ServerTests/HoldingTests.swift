import HTTP
import Linux
import Server
import Synchronization
import TestSupport
import Testing

/// Clients that keep memory by taking their time, and more of it than there is for them.
@Suite struct HoldingTests {
    private static let bodyBytes = 100_000
    private static let sentBytes = 60_000
    private static let body = (0..<bodyBytes).map { UInt8(ascii: "a") + UInt8($0 % 26) }

    private func begin(_ client: TestClient) throws {
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(Self.bodyBytes)\r\n\r\n")
        try client.send(Array(Self.body[..<Self.sentBytes]))
    }

    /// Clients that have sent part of a request, one after the other.
    private func crowd(of count: Int, _ server: TestServer, _ probe: TestClient) throws -> [TestClient] {
        let clients = try (0..<count).map { _ in
            let client = try server.client()
            try begin(client)
            try client.socket.waitForDelivery()
            try server.settle(probe)
            return client
        }
        // Room is made at the end of a turn, which is over when the next one answers.
        try server.settle(probe)
        return clients
    }

    @Test func `who has taken longest for a request is refused, and the others send theirs to the end`() throws {
        let room = 256 << 10
        let server = try TestServer { $0.heldBytes = room }
        let probe = try server.client()
        let clients = try crowd(of: 12, server, probe)
        #expect(clients.count - server.refused <= room / Self.sentBytes)
        var served = 0
        for client in clients.reversed() where served < clients.count - server.refused {
            try client.send(Array(Self.body[Self.sentBytes...]))
            #expect(try client.receiveAnswer().body == Self.body)
            served += 1
        }
        let refused = server.refused
        #expect(served + refused == clients.count && served >= 2)
        for client in clients[..<refused] {
            let answer = try client.receiveAnswer()
            #expect(answer.status == 503)
            #expect(answer.text == "memory")
            #expect(client.isEnded())
        }
        // What they kept is free again.
        for client in try crowd(of: 3, server, probe) {
            try client.send(Array(Self.body[Self.sentBytes...]))
            #expect(try client.receiveAnswer().body == Self.body)
        }
        #expect(server.refused == refused)
    }

    @Test func `a head now and then is left alone by those who keep much`() throws {
        let server = try TestServer { $0.heldBytes = 256 << 10 }
        let probe = try server.client()
        let slow = try server.client()
        try slow.send("GET /slow HTT")
        let crowd = try crowd(of: 12, server, probe)
        #expect(server.refused > 0)
        try slow.send("P/1.1\r\nHost: x\r\n\r\n")
        #expect(try slow.receiveAnswer().text == "/slow")
        withExtendedLifetime(crowd) {}
    }

    @Test func `who has left an answer lying for longest is cut off, and the others get theirs`() throws {
        let server = try TestServer { $0.heldBytes = 25 << 20 }
        let clients = try (0..<3).map { number in
            let client = try TestClient(port: server.port, receiveBuffer: 8 << 10)
            try client.send(requestBytes("GET", "/hold/huge/\(number)"))
            try eventually("it to be held") { server.record.held.load(ordering: .relaxed) == number + 1 }
            return client
        }
        server.mailbox.post(.release(lastFirst: true))
        try eventually("one to be cut off") { server.record.statistics.withLock { $0.stalled } == 1 }
        #expect(throws: TestClient.Failure.self) { _ = try clients[0].receiveAnswer() }
        for (number, client) in clients.enumerated().dropFirst() {
            let answer = try client.receiveAnswer()
            #expect(answer.body.count > 10_000_000)
            #expect(answer.text.hasPrefix("/hold/huge/\(number)."))
        }
        #expect(server.record.statistics.withLock { $0.stalled } == 1)
    }

    @Test func `who sends requests at once and takes the answers is never in the way`() throws {
        let server = try TestServer { $0.heldBytes = 1 }
        let client = try server.client()
        for number in 0..<100 { #expect(try client.get("/\(number)").text == "/\(number)") }
        #expect(server.refused == 0)
    }
}

extension TestServer {
    /// How many requests were refused.
    fileprivate var refused: Int { record.refused.withLock { $0.count } }
}
