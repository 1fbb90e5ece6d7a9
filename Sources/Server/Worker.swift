import Bytes
package import HTTP
package import Linux

/// One thread's share of the server: a loop around `epoll_wait`, its listeners, its connections and a service of its own.
///
/// It is made on the thread that runs it and never leaves that thread.
package struct Worker<S: Service & ~Copyable>: ~Copyable {
    var loop: Loop
    let parser: RequestParser
    var memo = HeadMemo()

    /// Received bytes while they are looked at; empty between two events.
    var inbox: ByteBuffer

    /// What the clients of a group of events have sent, before it is looked at: see `receiveAhead`.
    var arrivals = InlineArray<16, Arrival> { _ in Arrival() }

    var listener: Listener
    var listenersAreWatched = false

    /// Addresses at which somebody waits to be accepted, as the events of this turn tell.
    var crowded: [Int] = []

    /// How many are accepted at an address in this turn: see `acceptNewcomers`.
    var acceptsNext = 1

    /// A descriptor in reserve, given up for a moment when no other is left: see `accept`.
    var spare: FileDescriptor

    /// Descriptors from this number on are not for clients.
    let descriptorsMax: Int

    private let mailbox: Mailbox<S.Message>
    private var messages: [S.Message] = []
    private var nextTick = 0

    /// Connections from here on have not been looked at in this round: see `patrol`.
    var patrolled = 0

    private var hasBegunDrain = false

    /// Whether clients are let wait before the next turn.
    private var isPausing = false

    package var service: S

    /// How often the service and the deadlines get their turn.
    private var tickNanoseconds: Int { 100_000_000 }

    /// - Parameters:
    ///   - service: what answers.
    ///   - listener: opened before, so that its errors are known before any thread runs.
    ///   - mailbox: how other threads reach the service.
    ///   - limits: this worker's share of them, see `Limits.shared`.
    ///   - descriptorsMax: clients whose descriptor has this number, or a greater one, get 503, too. A new descriptor has the
    ///     lowest number that is free (POSIX, 2.14), so that those above stay for what else the process has to open.
    package init(
        _ service: consuming S, listener: consuming Listener, mailbox: Mailbox<S.Message>, limits: Limits,
        descriptorsMax: Int = .max
    ) throws(SystemError) {
        precondition(limits.outstandingAnswers <= AnswerQueue.outstandingMax, "more answers than a connection can keep")
        // What can fail comes first: a value that cannot be copied must not be left half made.
        let poller = try Poller(eventsMax: limits.eventsPerTurn)
        let slowLane = try Poller(eventsMax: limits.slowEventsPerTurn)
        try poller.add(slowLane.number, .readable, token: Token.slowLane.number)
        let sources = try Poller(eventsMax: 1)
        try sources.add(mailbox.number, .readable, token: Token.mailbox.number)
        let spare = try File.open("/dev/null", .read)
        loop = Loop(poller, slowLane: slowLane, sources: sources, limits: limits)
        parser = RequestParser(limits: limits)
        inbox = ByteBuffer(capacity: 64 << 10)
        self.spare = spare
        self.descriptorsMax = descriptorsMax
        self.listener = listener
        self.mailbox = mailbox
        self.service = service
    }

    /// Serves until a drain is over.
    package mutating func run() throws(SystemError) {
        try loop.poller.add(mailbox.number, .readable, token: Token.mailbox.number)
        for (index, number) in listener.numbers.enumerated() {
            try loop.poller.add(number, .readable, token: Token.listener(index).number)
        }
        listenersAreWatched = true
        service.start(&loop)
        while true {
            if isPausing { try loop.pause() }
            let count = try loop.poller.wait(timeoutMilliseconds: millisecondsToTick)
            loop.beginTurn()
            loop.now = Clock.monotonicNanoseconds()
            loop.wallMicroseconds = Clock.wallMicroseconds()
            loop.statistics.wakes += 1
            try handleEvents(count)
            if loop.now >= nextTick { tick() }
            patrol()
            if loop.connections.heldBytes > loop.limits.heldBytes { makeRoom() }
            finishWake()
            acceptNewcomers(hasHeardOfAll: count < loop.limits.eventsPerTurn)
            // Not while an answer could leave, or somebody is left that no turn has come to.
            isPausing = count < loop.limits.eventsPerTurn && !loop.hasRest && service.isSaturated(loop)
            if loop.isDraining, isDrained { return }
        }
    }

    /// Whether nobody waits for anything any more, or has waited long enough.
    private var isDrained: Bool {
        loop.now >= loop.drainDeadline || loop.connectionCount == 0 && service.isIdle
    }

    /// How long to wait for events: not at all while there is work that no event tells of.
    private var millisecondsToTick: Int {
        if loop.hasRest || !isPatrolOver { return 0 }
        let rest = nextTick - Clock.monotonicNanoseconds()
        return rest <= 0 ? 0 : rest / 1_000_000 + 1
    }

    /// Handles events in groups: what all of a group bring is received, then it is served, then answers are sent.
    ///
    /// One after the other, the processor's caches would change between our code and the kernel's for every request and
    /// again for its answer. All at once, the clients of a long wake would stand idle meanwhile.
    private mutating func handleEvents(_ count: Int) throws(SystemError) {
        for start in stride(from: 0, to: count, by: arrivals.count) {
            let group = start..<min(start + arrivals.count, count)
            for index in group {
                expect(index + 1, in: group)
                receiveAhead(loop.poller.event(index), place: index - start)
            }
            for index in group {
                expect(index + 1, in: group)
                try handle(loop.poller.event(index), place: index - start)
            }
            if group.count == arrivals.count { loop.sendFresh() }
        }
    }

    private func expect(_ index: Int, in group: Range<Int>) {
        if index < group.upperBound { loop.connections.fetch(loop.poller.event(index).token) }
    }

    private mutating func handle(_ event: Poller.Event, place: Int) throws(SystemError) {
        switch Token(event.token) {
        case .connection(let token): handle(event, of: token, place: place)
        case .slowLane:
            let count = try loop.slowLane.wait(timeoutMilliseconds: 0)
            for index in 0..<count {
                let slow = loop.slowLane.event(index)
                handle(slow, of: slow.token)
            }
        case .listener(let index): crowded.append(index)
        case .mailbox:
            mailbox.take(into: &messages)
            for message in messages { service.receive(message, &loop) }
            loop.letQueuedWait()
        case .source(let source):
            let hasFailed = event.hasHungUp
            service.descriptorIsReady(
                source, readable: event.isReadable || hasFailed, writable: event.isWritable || hasFailed, &loop)
            // A thousand answers may have come of one commit.
            loop.letQueuedWait()
        }
    }

    /// - Parameter place: where among the arrivals his bytes may be.
    private mutating func handle(_ event: Poller.Event, of client: UInt64, place: Int? = nil) {
        guard let slot = loop.connections.slot(of: client) else { return }
        if event.hasHungUp { return loop.lose(slot) }
        if event.isWritable { loop.queue(slot) }
        guard event.isReadable else { return }
        if event.isEnding { loop.connections[slot].isEnding = true }
        if let place, arrivals[place].isReceived { serveArrival(slot, place: place) } else { receive(slot) }
    }

    private mutating func tick() {
        nextTick = loop.now + tickNanoseconds
        watchListeners()
        if isPatrolOver { patrolled = 0 }
        service.tick(&loop)
    }

    /// Lets the service send on, sends answers, and reads on where that made room.
    private mutating func finishWake() {
        if loop.isDraining, !hasBegunDrain {
            hasBegunDrain = true
            stopAccepting()
            closeLate()
        }
        service.finishWake(&loop)
        loop.sendQueued()
        if loop.resumable.isEmpty { return }
        var left = min(loop.resumable.count, loop.limits.eventsPerTurn)
        while left > 0, let slot = loop.resumable.popFirst() {
            resume(slot)
            left -= 1
        }
        service.finishWake(&loop)
        loop.sendQueued()
    }
}
