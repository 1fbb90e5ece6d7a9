import Linux
import TestSupport
import Testing

/// In which order answers come to clients that have got none yet.
///
/// A poller lists descriptors in the order in which they became readable, when it is asked for the first time.
struct Arrivals: ~Copyable {
    private var poller: Poller

    /// Kept: a client that nobody mentions any more is closed.
    private let clients: [TestClient]

    /// - Parameter clients: what they are called by is their place in this list.
    init(of clients: [TestClient]) throws {
        self.clients = clients
        poller = try Self.watching(clients)
    }

    private static func watching(_ clients: [TestClient]) throws -> Poller {
        let poller = try Poller()
        for (place, client) in clients.enumerated() {
            try poller.add(client.socket.descriptor, .readable, token: UInt64(place))
        }
        return poller
    }

    /// Waits until all have got something.
    mutating func order() throws -> [Int] {
        for client in clients {
            try #require(try Poller.wait(for: client.socket.descriptor, .readable, timeoutMilliseconds: 10_000))
        }
        let count = try poller.wait(timeoutMilliseconds: 0)
        var order: [Int] = []
        for index in 0..<count { order.append(Int(poller.event(index).token)) }
        return order
    }
}
