package import Bytes
import HTTP
import Linux

/// What a service sees of its worker: the time, the answers, the descriptors it watches, the end.
package struct Loop: ~Copyable {
    var poller: Poller
    var slowLane: Poller

    /// Watches the descriptors of the service and its mailbox once more: see `pause`.
    var sources: Poller

    var connections: ConnectionTable
    let limits: Limits

    /// Nanoseconds of the monotonic clock, read once in a wake.
    package internal(set) var now: Int

    /// Microseconds since 1970, read once in a wake.
    package internal(set) var wallMicroseconds: Int

    package internal(set) var statistics = LoopStatistics()

    /// Whether the server is ending: see `beginDrain`.
    package private(set) var isDraining = false

    /// Whether answers say `Connection: close`.
    package private(set) var announcesClose = false

    /// When a drain ends whatever is still under way.
    private(set) var drainDeadline = Int.max

    /// Places with something to send: first those that wait, the oldest in front, then those of this turn.
    private var queued: PlaceQueue

    /// How many of them wait.
    private var waiting = 0

    /// Places with a large answer to send, the oldest in front: see `Limits.largeAnswersPerTurn`.
    private var large = PlaceQueue()

    /// How many more answers may leave before their turn: see `answerAtOnce`.
    var atOnceLeft = 0

    /// Places whose input may be read on.
    var resumable: PlaceQueue

    init(
        _ poller: consuming Poller, slowLane: consuming Poller, sources: consuming Poller, limits: Limits
    ) {
        self.poller = poller
        self.slowLane = slowLane
        self.sources = sources
        connections = ConnectionTable(capacity: limits.connections)
        self.limits = limits
        now = Clock.monotonicNanoseconds()
        wallMicroseconds = Clock.wallMicroseconds()
        queued = PlaceQueue(capacity: limits.connections)
        resumable = PlaceQueue(capacity: limits.connections)
    }

    /// How many clients are connected.
    package var connectionCount: Int { connections.count }

    // MARK: Answers

    /// Answers a request with `range` of `bytes`, a whole answer as it goes to the client.
    ///
    /// The bytes are copied. They leave at the end of this wake, or when it is their turn: answers may be given in any
    /// order. Where the client is gone or was answered already, nothing happens.
    ///
    /// - Parameter body: what the answer ends with, where many answers have it in common.
    package mutating func answer(
        _ ticket: Ticket, _ bytes: borrowing ByteBuffer, _ range: Range<Int>, _ body: SharedBytes? = nil
    ) {
        guard let slot = connections.slot(of: ticket.client) else { return }
        if connections[slot].answers.put(ticket.sequence, bytes, range, body) { queue(slot) }
    }

    /// Has the processor fetch the connection of a client who is answered soon.
    package func expect(_ ticket: Ticket) { connections.fetch(ticket.client) }

    /// Lets the end of this turn look at the connection.
    mutating func queue(_ slot: Int) {
        if connections[slot].isQueued { return }
        connections[slot].isQueued = true
        let isLarge = connections[slot].answers.pending > limits.largeAnswerBytes
        if isLarge { large.append(slot) } else { queued.append(slot) }
    }

    /// Takes a connection that `queue` was called for in this turn.
    private mutating func nextFresh() -> Int? {
        while queued.count > waiting, let slot = queued.popLast() { if isToBeSent(slot) { return slot } }
        return nil
    }

    /// Takes the connection that waits longest.
    private mutating func nextWaiting() -> Int? {
        while let slot = queued.popFirst() {
            waiting = max(waiting - 1, 0)
            if isToBeSent(slot) { return slot }
        }
        return nil
    }

    /// False where another client has the place now, or the output has been sent already.
    private mutating func isToBeSent(_ slot: Int) -> Bool {
        defer { connections[slot].isQueued = false }
        return connections[slot].isQueued
    }

    // MARK: Turns

    /// Whatever is still queued waits already: see `sendQueued`.
    mutating func beginTurn() { atOnceLeft = limits.answersAtOncePerTurn }

    /// Lets what is queued so far be sent after what comes in this turn, and only some of it in each.
    mutating func letQueuedWait() { waiting = queued.count }

    /// Whether something is left to do that no event will tell of.
    var hasRest: Bool { !queued.isEmpty || !large.isEmpty || !resumable.isEmpty }

    /// Sends what requests of this turn have led to.
    mutating func sendFresh() { while let slot = nextFresh() { send(slot) } }

    /// Sends that, and some of what waits, the oldest first, and then some of what is large.
    mutating func sendQueued() {
        sendFresh()
        var left = limits.answersPerTurn
        while left > 0, let slot = nextWaiting() {
            send(slot)
            left -= 1
        }
        left = limits.largeAnswersPerTurn
        while left > 0, let slot = large.popFirst() {
            guard isToBeSent(slot) else { continue }
            send(slot)
            left -= 1
        }
    }

    // MARK: Descriptors of the service

    /// Reports `descriptor` to the service as `source` whenever it is ready, again and again until it is handled.
    ///
    /// `unwatch` comes before the descriptor is closed: its number may be somebody else's right after.
    package func watch(_ descriptor: CInt, source: UInt32, readable: Bool, writable: Bool) {
        control { (poller) throws(SystemError) in
            try poller.add(descriptor, interest(readable, writable), token: Token.source(source).number)
        }
    }

    /// Watches a descriptor for something else.
    package func change(_ descriptor: CInt, source: UInt32, readable: Bool, writable: Bool) {
        control { (poller) throws(SystemError) in
            try poller.change(descriptor, interest(readable, writable), token: Token.source(source).number)
        }
    }

    package func unwatch(_ descriptor: CInt) {
        control { (poller) throws(SystemError) in try poller.remove(descriptor) }
    }

    private func interest(_ readable: Bool, _ writable: Bool) -> Poller.Interest {
        (readable ? Poller.Interest.readable : []).union(writable ? .writable : [])
    }

    /// What epoll_ctl refuses is a descriptor that is watched twice, or not at all, or no descriptor: mistakes of the service.
    private func control(_ body: (borrowing Poller) throws(SystemError) -> Void) {
        do throws(SystemError) {
            try body(poller)
            try body(sources)
        } catch {
            preconditionFailure(error.description)
        }
    }

    /// Lets clients wait for a moment, but not what the service waits for.
    mutating func pause() throws(SystemError) {
        _ = try sources.wait(timeoutMilliseconds: limits.pauseMilliseconds)
    }

    // MARK: The end

    /// From now on answers say `Connection: close`, so that clients look for another server; nobody is turned away.
    package mutating func announceClose() { announcesClose = true }

    /// Ends this worker: nobody new is accepted, idle connections are closed, what was read is answered.
    ///
    /// The worker returns from `run` when nothing is awaited any more, or at `deadline`.
    package mutating func beginDrain(deadline: Int) {
        announcesClose = true
        isDraining = true
        drainDeadline = min(drainDeadline, deadline)
    }
}
