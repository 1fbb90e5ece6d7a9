import Bytes
import Linux

/// What a client has sent, before anybody looks at it.
struct Arrival: ~Copyable {
    var bytes = ByteBuffer(capacity: 64 << 10)

    /// What `Socket.receive` said.
    var count: Int?

    /// Whether anything was received here for the present event.
    var isReceived = false
}

/// Receiving of several clients before any of them is served: see `handleEvents`.
extension Worker where S: ~Copyable {
    /// Receives from a client who begins a request; events of any other kind wait for their turn.
    mutating func receiveAhead(_ event: Poller.Event, place: Int) {
        arrivals[place].isReceived = false
        guard event.isReadable, !event.hasHungUp, case .connection(let client) = Token(event.token),
            let slot = loop.connections.slot(of: client), loop.connections[slot].isReadFresh
        else { return }
        // Left from a client who was gone before his turn came.
        arrivals[place].bytes.removeAll()
        arrivals[place].count = Socket.receive(
            loop.connections[slot].descriptor.number, into: &arrivals[place].bytes,
            room: arrivals[place].bytes.capacity)
        arrivals[place].isReceived = true
    }

    /// Serves what was received ahead.
    mutating func serveArrival(_ slot: Int, place: Int) {
        swap(&inbox, &arrivals[place].bytes)
        serveReceived(slot, count: arrivals[place].count, room: inbox.capacity, isOwn: false)
        swap(&inbox, &arrivals[place].bytes)
    }
}
