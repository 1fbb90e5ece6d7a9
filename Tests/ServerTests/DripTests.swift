import HTTP
import Linux
import Server
import Synchronization
import TestSupport
import Testing

/// Clients that send or take a little now and then: no deadline begins anew for it.
///
/// What comes now and then comes with the ticks of the server, ten a second.
@Suite struct DripTests {
    /// Long enough for some ticks, and each tick well within it.
    private static let milliseconds = 500
    private static let seconds = Double(milliseconds) / 1_000

    @Test func `a head that comes octet by octet is refused in its time`() throws {
        let server = try TestServer { $0.headMilliseconds = Self.milliseconds }
        try expectTimeout(of: "head", after: "G", server)
    }

    @Test func `so is a body`() throws {
        let server = try TestServer {
            $0.bodyMilliseconds = Self.milliseconds
            $0.bodyBytesPerSecond = 1 << 20
        }
        try expectTimeout(of: "body", after: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", server)
    }

    @Test func `a body above the slowest rate is waited for`() throws {
        let server = try TestServer {
            $0.bodyMilliseconds = Self.milliseconds
            $0.bodyBytesPerSecond = 100
        }
        let client = try server.client()
        let body = Array(repeating: UInt8(ascii: "b"), count: 2_000)
        try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
        let start = monotonicSeconds()
        for part in stride(from: 0, to: body.count, by: 100) {
            try server.waitForTick()
            try client.send(Array(body[part..<part + 100]))
        }
        #expect(try client.receiveAnswer().body == body)
        #expect(monotonicSeconds() - start > 2 * Self.seconds, "too fast to prove anything")
    }

    @Test func `an answer that is taken below the slowest rate is cut off in its time`() throws {
        let server = try TestServer {
            $0.writeStallMilliseconds = Self.milliseconds
            $0.writeBytesPerSecond = 1 << 20
        }
        let client = try TestClient(port: server.port, receiveBuffer: 8 << 10)
        try client.send(requestBytes("GET", "/hold/huge"))
        try eventually("the request to be held") { server.record.held.load(ordering: .relaxed) == 1 }
        server.mailbox.post(.release(lastFirst: true))
        let start = monotonicSeconds()
        var taken = 0
        // At most some 80 KiB a second, in steps that the server sees.
        while server.stalled == 0, monotonicSeconds() - start < 20 {
            try server.waitForTick()
            guard case .bytes(let bytes) = client.socket.receive(within: 10, atMost: 8 << 10) else { break }
            taken += bytes.count
        }
        let elapsed = monotonicSeconds() - start
        try eventually("the connection to be cut") { server.stalled == 1 }
        #expect(elapsed >= Self.seconds && elapsed < 6 * Self.seconds * patience, "\(elapsed) s, \(taken) octets")
        #expect(taken > 16 << 10, "nothing was taken after a while")
    }

    @Test func `an answer that is taken above the slowest rate comes whole`() throws {
        let server = try TestServer {
            $0.writeStallMilliseconds = 2 * Self.milliseconds
            $0.writeBytesPerSecond = 4 << 10
        }
        let client = try TestClient(port: server.port, receiveBuffer: 8 << 10)
        let (targets, bytes) = (["/large/1", "/large/2", "/large/3"], 100_000)
        for target in targets { try client.send(requestBytes("GET", target)) }
        let start = monotonicSeconds()
        var taken = 0
        while taken < targets.count * bytes {
            try server.waitForTick()
            guard case .bytes(let part) = client.socket.receive(within: 10, atMost: 8 << 10) else { break }
            taken += part.count
        }
        #expect(taken >= targets.count * bytes)
        #expect(monotonicSeconds() - start > 3 * Self.seconds, "too fast to prove anything")
        #expect(server.stalled == 0)
    }

    /// Sends an octet with each tick until the server has enough of it.
    private func expectTimeout(of part: String, after beginning: String, _ server: TestServer) throws {
        let client = try server.client()
        try client.send(beginning)
        let start = monotonicSeconds()
        var sent = 0
        while !server.hasSeen("\(part)_timeout"), monotonicSeconds() - start < 20 {
            try server.waitForTick()
            try client.send("x")
            sent += 1
        }
        let elapsed = monotonicSeconds() - start
        let answer = try client.receiveAnswer()
        #expect(answer.status == 408)
        #expect(answer.text == "\(part)_timeout")
        #expect(elapsed >= Self.seconds && elapsed < 6 * Self.seconds * patience, "\(elapsed) s, \(sent) octets")
        #expect(sent > 1, "nothing was sent after a while")
    }
}

extension TestServer {
    fileprivate var stalled: Int { record.statistics.withLock { $0.stalled } }

    fileprivate func hasSeen(_ text: String) -> Bool { record.visits.withLock { $0.contains { $0.text == text } } }

    /// Waits for the next of the server's ticks.
    fileprivate func waitForTick() throws {
        let now = record.ticks.load(ordering: .relaxed)
        try eventually("a tick") { record.ticks.load(ordering: .relaxed) > now }
    }
}
