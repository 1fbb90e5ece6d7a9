import HTTP
import Linux
import Server
import Synchronization
import TestSupport
import Testing

/// No kind of work has more than its share of a turn: an ordinary request that comes behind a crowd is served before most of it.
@Suite struct ShareTests {
    private let crowd = 20

    /// Clients that wait for an answer which the service holds back, and have sent `next` with their request.
    private func held(by server: TestServer, next: [UInt8] = []) throws -> [TestClient] {
        try (0..<crowd).map { number in
            let client = try server.client()
            try client.send(requestBytes("GET", "/hold/\(number)") + next)
            try eventually("it to be held") { server.record.held.load(ordering: .relaxed) == number + 1 }
            return client
        }
    }

    /// A client whose connection has been accepted.
    private func ordinary(_ server: TestServer) throws -> TestClient {
        let client = try server.client()
        _ = try client.get("/before")
        return client
    }

    private func deliver(_ bytes: [UInt8], by clients: [TestClient]) throws {
        for client in clients { try client.send(bytes) }
        for client in clients { try client.socket.waitForDelivery() }
    }

    private func visits(of server: TestServer, _ isMeant: (String) -> Bool) -> [Visit] {
        server.record.visits.withLock { $0.filter { isMeant($0.text) } }
    }

    /// How many visits the fullest turn had.
    private func most(_ visits: [Visit]) -> Int? {
        Dictionary(grouping: visits, by: \.turn).values.map(\.count).max()
    }

    /// While the worker stands still after a commit a request comes.
    ///
    /// Of the twenty answers `atOnce` leave with the commit and one at the end of its turn; then it is the request's turn, and
    /// the next turns follow at once. The second commit has its share anew.
    @Test(arguments: [0, 3])
    func `a request does not wait for all the answers of a commit`(atOnce: Int) throws {
        let server = try TestServer {
            $0.answersPerTurn = 1
            $0.answersAtOncePerTurn = atOnce
        }
        let ordinary = try ordinary(server)
        for _ in 0..<2 {
            let clients = try held(by: server)
            var arrivals = try Arrivals(of: clients + [ordinary])
            try server.standingStill(after: .release(lastFirst: false, atOnce: true)) {
                try deliver(requestBytes("GET", "/ordinary"), by: [ordinary])
            }
            let (before, ticks) = (atOnce + 1, server.record.ticks.load(ordering: .relaxed))
            #expect(try arrivals.order() == Array(0..<before) + [crowd] + Array(before..<crowd))
            #expect(server.record.ticks.load(ordering: .relaxed) - ticks < crowd / 2)
            #expect(try ordinary.receiveAnswer().text == "/ordinary")
        }
    }

    /// The request is looked at in the turn of the commit.
    @Test func `the answers of a commit that a descriptor tells of wait for who comes with it`() throws {
        let server = try TestServer { $0.answersPerTurn = 1 }
        let (ordinary, clients) = (try ordinary(server), try held(by: server))
        let commit = try WakeUp()
        server.mailbox.post(.watch(commit.number))
        var arrivals = try Arrivals(of: clients + [ordinary])
        try server.standingStill {
            commit.wake()
            try deliver(requestBytes("GET", "/ordinary"), by: [ordinary])
        }
        #expect(try arrivals.order() == [crowd] + (0..<crowd).reversed())
        commit.clear()
    }

    /// Each of the crowd has a second request here, which is looked at when the answer to the first has left.
    @Test func `a request does not wait for all whose pipelines are read on`() throws {
        let server = try TestServer {
            $0.outstandingAnswers = 1
            $0.eventsPerTurn = 2
        }
        let (ordinary, clients) = (try ordinary(server), try held(by: server, next: requestBytes("GET", "/next")))
        try server.standingStill(after: .release(lastFirst: false)) {
            try deliver(requestBytes("GET", "/ordinary"), by: [ordinary])
        }
        for client in clients {
            #expect(try client.receiveAnswer().text.hasPrefix("/hold"))
            #expect(try client.receiveAnswer().text == "/next")
        }
        let visits = visits(of: server) { ["/next", "/ordinary"].contains($0) }
        #expect(visits.firstIndex { $0.text == "/ordinary" } == 2)
        #expect(most(visits.filter { $0.text == "/next" }) == 2)
        #expect(try #require(visits.last).ticks - #require(visits.first).ticks < crowd / 4)
    }

    @Test func `a batch has the requests of so many clients as a turn looks at`() throws {
        let server = try TestServer { $0.eventsPerTurn = 4 }
        let clients = try (0..<crowd).map { _ in try ordinary(server) }
        try server.standingStill { try deliver(requestBytes("GET", "/row"), by: clients) }
        for client in clients { #expect(try client.receiveAnswer().text == "/row") }
        let visits = visits(of: server) { $0 == "/row" }
        #expect(visits.count == crowd)
        #expect(most(visits) == 4)
    }

    @Test func `a request does not wait for those who connect`() throws {
        let server = try TestServer()
        let ordinary = try ordinary(server)
        var clients: [TestClient] = []
        try server.standingStill {
            clients = try (0..<crowd).map { _ in try server.client() }
            try deliver(requestBytes("GET", "/ordinary"), by: [ordinary])
        }
        #expect(try ordinary.receiveAnswer().text == "/ordinary")
        let visits = visits(of: server) { $0 == "/ordinary" }
        #expect(visits.map(\.connections) == [1])
        for client in clients { #expect(try client.get("/crowd").text == "/crowd") }
    }

    /// Their requests are here when they are accepted, and served in the turn after it.
    @Test func `one who connects is accepted in a turn, then twice as many in each, as far as the limit`() throws {
        let server = try TestServer { $0.acceptsPerTurn = 6 }
        for _ in 0..<2 {
            server.record.visits.withLock { $0 = [] }
            var clients: [TestClient] = []
            try server.standingStill {
                clients = try (0..<crowd).map { _ in try server.client() }
                try deliver(requestBytes("GET", "/crowd"), by: clients)
            }
            for client in clients { #expect(try client.receiveAnswer().text == "/crowd") }
            let turns = Dictionary(grouping: visits(of: server) { $0 == "/crowd" }, by: \.turn)
            #expect(turns.sorted { $0.key < $1.key }.map(\.value.count) == [1, 2, 4, 6, 6, 1])
        }
    }

    @Test func `a request does not wait for large answers, and those leave in their order`() throws {
        let server = try TestServer()
        let ordinary = try self.ordinary(server)
        let clients = try (0..<crowd).map { _ in try self.ordinary(server) }
        var arrivals = try Arrivals(of: clients + [ordinary])
        try server.standingStill {
            try deliver(requestBytes("GET", "/large"), by: clients)
            try deliver(requestBytes("GET", "/ordinary"), by: [ordinary])
        }
        #expect(try arrivals.order() == [crowd] + Array(0..<crowd))
        for client in clients { #expect(try client.receiveAnswer().text.hasPrefix("/large")) }
    }

    /// They are late as soon as their bytes have been read.
    ///
    /// A round of looks goes on turn by turn; a new one begins with a tick.
    @Test func `a request does not wait until all who are late are refused, nor they for the next tick`() throws {
        let server = try TestServer {
            $0.headMilliseconds = 0
            $0.deadlinesPerTurn = 1
        }
        let clients = try (0..<crowd).map { _ in try ordinary(server) }
        try server.standingStill { try deliver(Array("GET / HT".utf8), by: clients) }
        for client in clients { #expect(try client.receiveAnswer().status == 408) }
        let refusals = visits(of: server) { $0 == "head_timeout" }
        #expect(refusals.count == crowd)
        #expect(most(refusals) == 1)
        #expect(try #require(refusals.last).ticks - #require(refusals.first).ticks < crowd / 2)
    }
}
