import Bytes
package import HTTP
package import Linux

/// One thread's share of the server: a loop around `epoll_wait`, its listeners, its connections and a service of its own.
///
/// It is made on the thread that runs it and never leaves that thread.
package struct Worker<S: Service & ~Copyable>: ~Copyable {
    var loop: Loop
    let parser: RequestParser

    /// Received bytes while they are looked at; empty between two events.
    var inbox: ByteBuffer

    var listener: Listener
    var listenersAreWatched = false

    /// A descriptor in reserve, given up for a moment when no other is left: see `accept`.
    var spare: FileDescriptor

    private let mailbox: Mailbox<S.Message>
    private var messages: [S.Message] = []
    private var nextTick = 0
    private var hasBegunDrain = false

    package var service: S

    /// After how many events answers are sent.
    ///
    /// After each one, the processor's caches would change between our code and the kernel's for every answer. All at
    /// the end, the clients of a long wake would stand idle meanwhile.
    private var eventsBetweenSends: Int { 16 }

    /// How often the service and the deadlines get their turn.
    private var tickNanoseconds: Int { 100_000_000 }

    /// - Parameters:
    ///   - service: what answers.
    ///   - listener: opened before, so that its errors are known before any thread runs.
    ///   - mailbox: how other threads reach the service.
    ///   - connectionsMax: how many clients this worker keeps; those above it get 503.
    package init(
        _ service: consuming S, listener: consuming Listener, mailbox: Mailbox<S.Message>, limits: Limits,
        connectionsMax: Int
    ) throws(SystemError) {
        precondition(limits.outstandingAnswers <= AnswerQueue.outstandingMax, "more answers than a connection can keep")
        // What can fail comes first: a value that cannot be copied must not be left half made.
        let poller = try Poller()
        let spare = try File.open("/dev/null", .read)
        loop = Loop(poller, capacity: connectionsMax, limits: limits)
        parser = RequestParser(limits: limits)
        inbox = ByteBuffer(capacity: 64 << 10)
        self.spare = spare
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
            let count = try loop.poller.wait(timeoutMilliseconds: millisecondsToTick)
            loop.now = Clock.monotonicNanoseconds()
            loop.wallMicroseconds = Clock.wallMicroseconds()
            loop.statistics.wakes += 1
            for index in 0..<count {
                handle(loop.poller.event(index))
                if (index + 1) % eventsBetweenSends == 0 { loop.sendQueued() }
            }
            if loop.now >= nextTick { tick() }
            finishWake()
            if loop.isDraining, isDrained { return }
        }
    }

    /// Whether nobody waits for anything any more, or has waited long enough.
    private var isDrained: Bool {
        loop.now >= loop.drainDeadline || loop.connectionCount == 0 && service.isIdle
    }

    private var millisecondsToTick: Int {
        let rest = nextTick - Clock.monotonicNanoseconds()
        return rest <= 0 ? 0 : rest / 1_000_000 + 1
    }

    private mutating func handle(_ event: Poller.Event) {
        switch Token(event.token) {
        case .connection(let token):
            guard let slot = loop.connections.slot(of: token) else { return }
            if event.hasHungUp { return loop.lose(slot) }
            if event.isWritable { loop.queue(slot) }
            if event.isReadable { receive(slot) }
        case .listener(let index): accept(index)
        case .mailbox:
            mailbox.take(into: &messages)
            for message in messages { service.receive(message, &loop) }
        case .source(let source):
            let hasFailed = event.hasHungUp
            service.descriptorIsReady(
                source, readable: event.isReadable || hasFailed, writable: event.isWritable || hasFailed, &loop)
        }
    }

    private mutating func tick() {
        nextTick = loop.now + tickNanoseconds
        watchListeners()
        closeLate()
        service.tick(&loop)
    }

    /// Lets the service send on, sends answers, and reads on where that made room, until nothing is left to do.
    private mutating func finishWake() {
        if loop.isDraining, !hasBegunDrain {
            hasBegunDrain = true
            stopAccepting()
            closeLate()
        }
        while true {
            service.finishWake(&loop)
            loop.sendQueued()
            guard !loop.resumable.isEmpty else { return }
            while let slot = loop.resumable.popLast() { resume(Int(slot)) }
        }
    }
}
