import HTTP
import Linux
import Synchronization
import TestSupport
import Testing

/// What a client sends is reported once, however much it is: nothing of it may be left lying, for nothing will tell of it again.
@Suite struct ReportedOnceTests {
    @Test func `the end that comes with a request is seen behind it`() throws {
        let server = try TestServer()
        let client = try server.client()
        try server.standingStill {
            try client.send(requestBytes("GET", "/last"))
            client.socket.finishSending()
        }
        #expect(try client.receiveAnswer().text == "/last")
        #expect(client.isEnded())
    }

    /// The first read of a body makes room for little.
    @Test func `a body that came while nobody looked is read to its end`() throws {
        let server = try TestServer()
        let (client, probe) = (try server.client(), try server.client())
        let body = [UInt8](repeating: 0x41, count: 20_000)
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
        try server.settle(probe)
        try server.standingStill {
            try client.send(body)
            try client.socket.waitForDelivery()
        }
        #expect(try client.receiveAnswer().body == body)
    }

    @Test func `the end behind what a refused client still sends frees his place`() throws {
        let server = try TestServer { $0.lingerMilliseconds = 600_000 }
        let client = try server.client()
        try client.send("GET / HTTP/1.1\nHost: x\n\n")
        #expect(try client.receiveAnswer().status == 400)
        #expect(client.isEnded())
        try eventually("the client to be there") { server.record.connections.load(ordering: .relaxed) == 1 }
        try server.standingStill {
            try client.send("more\n")
            client.socket.finishSending()
        }
        try eventually("the client to be gone") { server.record.connections.load(ordering: .relaxed) == 0 }
    }

    /// His bytes are received in the turn in which an answer finds him gone.
    @Test func `what somebody sent who was gone before his turn is nobody else's`() throws {
        let server = try TestServer()
        let next = try server.client()
        let (first, second) = (try Gate(), try Gate())
        do {
            let gone = try server.client()
            try gone.send(requestBytes("GET", "/hold/answer"))
            try eventually("it to be held") { server.record.held.load(ordering: .relaxed) == 1 }
            gone.socket.resetWhenClosed()
            server.mailbox.post(.holdUp(untilReadable: first.number, after: nil))
            try eventually("the worker to stand still") { server.record.holdUps.load(ordering: .acquiring) == 1 }
            server.mailbox.post(.holdUp(untilReadable: second.number, after: nil))
            server.mailbox.post(.release(lastFirst: true, atOnce: true))
            try gone.send(requestBytes("GET", "/stale"))
            try gone.socket.waitForDelivery()
            try first.open()
            try eventually("it to stand still again") { server.record.holdUps.load(ordering: .acquiring) == 2 }
        }
        try second.open()
        try server.standingStill {
            server.mailbox.post(.saturate(false))
            try next.send(requestBytes("GET", "/own"))
            try next.socket.waitForDelivery()
        }
        #expect(try next.receiveAnswer().text == "/own")
        #expect(server.record.visits.withLock { $0.map(\.text) } == ["/hold/answer", "/own"])
    }

    /// More than are received before the first of them is served.
    @Test func `requests that come together are answered with their own`() throws {
        let server = try TestServer()
        let clients = try (0..<40).map { _ in try server.client() }
        for round in 0..<3 {
            try server.standingStill {
                for (number, client) in clients.enumerated() {
                    try client.send(requestBytes("GET", "/\(round)/\(number)") + Array("GET /rest".utf8))
                }
                for client in clients { try client.socket.waitForDelivery() }
            }
            for (number, client) in clients.enumerated() {
                #expect(try client.receiveAnswer().text == "/\(round)/\(number)")
                try client.send(" HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.receiveAnswer().text == "/rest")
            }
        }
    }
}
