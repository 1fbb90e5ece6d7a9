import Linux
import TestSupport
import Testing

/// In which order answers come to clients that have got none yet.
///
/// A poller lists descriptors in the order in which they became readable, when it is asked for the first time.
struct Arrivals: ~Copyable {
    private var poller: Poller
    private let sockets: [CInt]

    /// - Parameter clients: what they are called by is their place in this list.
    init(of clients: [TestClient]) throws {
        let poller = try Poller()
        let sockets = clients.map(\.socket.descriptor)
        for (place, socket) in sockets.enumerated() { try poller.add(socket, .readable, token: UInt64(place)) }
        self.poller = poller
        self.sockets = sockets
    }

    /// Waits until all have got something.
    mutating func order() throws -> [Int] {
        for socket in sockets { try #require(try Poller.wait(for: socket, .readable, timeoutMilliseconds: 10_000)) }
        let count = try poller.wait(timeoutMilliseconds: 0)
        var order: [Int] = []
        for index in 0..<count { order.append(Int(poller.event(index).token)) }
        return order
    }
}
