import Glibc
import HTTP
import Linux
import Server
import Synchronization
import TestSupport
import Testing

/// A turn of the loop does a share of each kind of work; nothing of the rest is forgotten.
@Suite struct TurnTests {
    @Test func `more clients than a turn takes are accepted, answered at once, and closed when they are late`() throws {
        let server = try TestServer {
            $0.eventsPerTurn = 2
            $0.acceptsPerTurn = 1
            $0.answersPerTurn = 1
            $0.deadlinesPerTurn = 3
            $0.idleMilliseconds = 1_000
        }
        let clients = try (0..<40).map { number in
            let client = try server.client()
            try client.send(requestBytes("GET", "/hold/\(number)"))
            return client
        }
        try eventually("all to be held") { server.record.held.load(ordering: .relaxed) == clients.count }
        server.mailbox.post(.release(lastFirst: true))
        for (number, client) in clients.enumerated() {
            #expect(try client.receiveAnswer().text == "/hold/\(number)")
        }
        for client in clients { #expect(client.isEnded()) }
        try eventually("all to be counted") {
            server.record.statistics.withLock { $0.idleClosed } == clients.count
        }
    }

    @Test func `who waits longest for an answer gets the next one`() throws {
        let server = try TestServer { $0.answersPerTurn = 1 }
        let clients = try (0..<20).map { number in
            let client = try server.client()
            try client.send(requestBytes("GET", "/hold/\(number)"))
            try eventually("it to be held") { server.record.held.load(ordering: .relaxed) == number + 1 }
            return client
        }
        var arrivals = try Arrivals(of: clients)
        server.mailbox.post(.release(lastFirst: false))
        #expect(try arrivals.order() == Array(0..<20))
    }

    @Test func `pipelines of many clients are read on, turn by turn`() throws {
        let server = try TestServer {
            $0.eventsPerTurn = 1
            $0.answersPerTurn = 1
            $0.outstandingAnswers = 2
        }
        let clients = try (0..<8).map { _ in try server.client() }
        for client in clients {
            try client.send(Array((0..<30).map { requestBytes("GET", "/\($0)") }.joined()))
        }
        for client in clients { for number in 0..<30 { #expect(try client.receiveAnswer().text == "/\(number)") } }
    }

    /// While the worker is held, the slow ones send what was missing; an ordinary request comes after them all.
    @Test func `an ordinary request does not wait for all who take their time`() throws {
        let server = try TestServer { $0.slowEventsPerTurn = 1 }
        let (ordinary, probe) = (try server.client(), try server.client())
        _ = try ordinary.get("/before")
        let slow = try (0..<20).map { _ in try server.client() }
        for piece in ["GET /slow HT", "TP/1.", "1\r\nHo"] {
            for client in slow { try client.send(piece) }
            // Each is to read it by itself.
            for client in slow { try client.socket.waitForDelivery() }
            try server.settle(probe)
        }
        try server.standingStill {
            server.record.visits.withLock { $0 = [] }
            for client in slow { try client.send("st: x\r\n\r\n") }
            try ordinary.send(requestBytes("GET", "/ordinary"))
            for client in slow + [ordinary] { try client.socket.waitForDelivery() }
        }
        #expect(try ordinary.receiveAnswer().text == "/ordinary")
        for client in slow { #expect(try client.receiveAnswer().text == "/slow") }
        let place = server.record.visits.withLock { $0.firstIndex { $0.text == "/ordinary" } }
        #expect(place.map { $0 <= 3 } == true)
    }

    /// All become late while the worker is held; a turn that ended them all would be the only one.
    @Test func `a crowd that is late is ended turn by turn`() throws {
        let server = try TestServer {
            $0.endingsPerTurn = 2
            $0.idleMilliseconds = 1_000
        }
        let clients = try (0..<60).map { _ in try server.client() }
        for client in clients { _ = try client.get("/before") }
        func turns() throws -> Int { try Int(server.client().get("/wake").text) ?? 0 }
        let before = try turns()
        try server.standingStill {
            let late = Clock.monotonicNanoseconds() + 1_100_000_000
            try eventually("all to be late") { Clock.monotonicNanoseconds() > late }
        }
        for client in clients { #expect(client.isEnded()) }
        #expect(try turns() - before >= 30)
    }

    /// The pause would outlast the test: what ends it is the message, as the result of a commit does in the service.
    @Test func `whoever comes while the service is saturated is looked at in one turn, when it goes on`() throws {
        let server = try TestServer { $0.pauseMilliseconds = 60_000 }
        let clients = try (0..<20).map { _ in try server.client() }
        for client in clients { _ = try client.get("/before") }
        server.mailbox.post(.saturate(true))
        try eventually("the pause") { server.record.isSaturated.load(ordering: .relaxed) }
        for client in clients { try client.send(requestBytes("GET", "/wake")) }
        #expect(clients[0].socket.receive(within: 0.2) == .timedOut)
        server.mailbox.post(.saturate(false))
        let wakes = Set(try clients.map { try $0.receiveAnswer().text })
        #expect(wakes.count == 1, "answered in turns \(wakes.sorted())")
        #expect(try clients[0].get("/after").text == "/after")
    }

    /// What ends the pause does not end the saturation.
    @Test func `in a pause nobody is left who came before it, nor an answer that is due`() throws {
        let server = try TestServer {
            $0.pauseMilliseconds = 60_000
            $0.eventsPerTurn = 2
            $0.answersPerTurn = 1
        }
        let clients = try (0..<20).map { _ in try server.client() }
        for client in clients { _ = try client.get("/before") }
        server.mailbox.post(.saturate(true))
        try eventually("the pause") { server.record.isSaturated.load(ordering: .relaxed) }
        for client in clients { try client.send(requestBytes("GET", "/hold/it")) }
        for client in clients { try client.socket.waitForDelivery() }
        server.mailbox.post(.announceClose)
        try eventually("all to be held") { server.record.held.load(ordering: .relaxed) == clients.count }
        server.mailbox.post(.release(lastFirst: false))
        for client in clients { #expect(try client.receiveAnswer().text == "/hold/it") }
    }

    @Test func `who was slow once is like everybody else after a whole request`() throws {
        let server = try TestServer { $0.slowEventsPerTurn = 1 }
        let (client, probe) = (try server.client(), try server.client())
        for _ in 0..<3 {
            for piece in ["POST / HTTP/1.1\r\n", "Host: x\r\nContent-Le", "ngth: 3\r\n", "\r\n", "a", "b"] {
                try client.send(piece)
                try server.settle(probe)
            }
            try client.send("c")
            #expect(try client.receiveAnswer().text == "abc")
            #expect(try client.get("/whole").text == "/whole")
        }
    }
}
