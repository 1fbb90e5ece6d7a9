import Linux
import Logging
import Migrations
import Postgres

/// The thread that does whatever may block: connecting, waiting for locks, settling unknown batches, watching models.
///
/// Workers ask it by its mailbox and hear from it by theirs, so that they themselves never wait for PostgreSQL.
struct Keeper: ~Copyable {
    /// How long one call to PostgreSQL may take before the connection is given up.
    static let patienceMilliseconds = 2_000

    let conninfo: String
    let mailbox: Mailbox<KeeperMessage>
    let workers: [Mailbox<WorkerMessage>]
    /// All who score: the workers, and the intake where there is one.
    let audience: [Mailbox<WorkerMessage>]
    let state: ServiceState
    let log: Logger
    var models: ModelWatch

    /// The keeper's own connection: migrations, models, settings, locks.
    private var control: Connection?
    private var hasControl = false
    private var isMigrated = false
    /// Workers without a connection for writing, or for reading.
    private var writersWanted: Set<Int> = []
    private var readersWanted: Set<Int> = []
    private var unknown: [UnknownBatch] = []
    private var nextAttempt = 0
    private var nextCheck = 0
    private var nextDurabilityCheck = 0
    private var nextOpening = 0
    private var nextSweep = 0
    private var lacksConnections = false
    private var isAway = false
    private var random = SystemRandomNumberGenerator()

    init(
        conninfo: String, mailbox: Mailbox<KeeperMessage>, workers: [Mailbox<WorkerMessage>],
        audience: [Mailbox<WorkerMessage>], state: ServiceState,
        models: ModelWatch, log: Logger
    ) {
        self.conninfo = conninfo
        self.mailbox = mailbox
        self.workers = workers
        self.audience = audience
        self.state = state
        self.models = models
        self.log = log
        writersWanted = Set(workers.indices)
        readersWanted = Set(workers.indices)
    }

    /// Works until it is told to stop.
    mutating func run() {
        while true {
            for message in mailbox.take() where !handle(message) { return }
            work()
            wait()
        }
    }

    /// - Returns: false when it is to stop.
    private mutating func handle(_ message: KeeperMessage) -> Bool {
        switch message {
        case .writerWanted(let worker): writersWanted.insert(worker)
        case .readerWanted(let worker): readersWanted.insert(worker)
        case .unknown(let batch): unknown.append(batch)
        case .stop:
            if !unknown.isEmpty {
                let batches = "\(unknown.count)"
                log.warning("stopping before all unknown batches are settled", metadata: ["batches": "\(batches)"])
            }
            return false
        }
        return true
    }

    /// Waits for a message of a worker or a word of PostgreSQL, which says when a model was promoted; briefly while
    /// something is to be tried again.
    private mutating func wait() {
        let isBusy = !writersWanted.isEmpty || !readersWanted.isEmpty || !unknown.isEmpty || !hasControl
        let server = hasControl ? control!.watchedSocket() : -1
        Poller.wait(forEither: mailbox.number, server, timeoutMilliseconds: isBusy ? 20 : 100)
    }

    // MARK: Work

    private mutating func work() {
        let now = Clock.monotonicNanoseconds()
        do throws(PostgresError) {
            if !hasControl {
                guard now >= nextAttempt else { return }
                try connect()
            }
            try openConnections()
            // Only now: who is told that the service is ready may ask any worker for anything.
            state.database = .answering
            try settleUnknown()
            try watch(now)
        } catch {
            lost(error)
        }
    }

    /// Connects, brings the schema up to date once, and looks whether the server keeps what it commits.
    private mutating func connect() throws(PostgresError) {
        control = try Connection(
            conninfo, as: .command, applicationName: "churn keeper", patienceMilliseconds: Self.patienceMilliseconds)
        hasControl = true
        if !isMigrated {
            for name in try Migrator(migrations).migrate(&control!) {
                log.info("migrated", metadata: ["migration": "\(name)"])
            }
            isMigrated = true
        }
        try checkDurability()
        try models.begin(&control!, audience, state, log)
        state.setProblem("postgres", nil)
        if isAway { log.info("PostgreSQL answers again") }
        isAway = false
        nextCheck = 0
    }

    private mutating func lost(_ error: PostgresError) {
        if hasControl || !isAway { log.error("PostgreSQL is not usable", metadata: error.metadata) }
        hasControl = false
        control = nil
        nextAttempt = Clock.monotonicNanoseconds() + Int.random(in: 50...250, using: &random) * 1_000_000
        state.database = .away
        if error.isNotReady { state.setProblem("postgres", error.description) }
        isAway = true
        for worker in workers { worker.post(.away) }
    }

    // MARK: Connections for the workers

    /// Too few connections in the server are no reason to let go of those that are there: it is said, and tried again.
    private mutating func openConnections() throws(PostgresError) {
        guard Clock.monotonicNanoseconds() >= nextOpening else { return }
        do throws(PostgresError) {
            try openWanted()
            lacksConnections = false
            state.setProblem("connections", nil)
        } catch {
            // libpq does not tell the SQLSTATE of a connection that was refused: while another one answers, it is that.
            guard error.kind == .connectionFailed else { throw error }
            try control!.execute("SELECT 1")
            let text = "PostgreSQL lets no more in: \(workers.count) workers need \(workers.count * 2 + 1)"
            if !lacksConnections { log.error("connections: \(text)", metadata: error.metadata) }
            lacksConnections = true
            state.setProblem("connections", text)
            nextOpening = Clock.monotonicNanoseconds() + 1_000_000_000
        }
    }

    private mutating func openWanted() throws(PostgresError) {
        while let worker = writersWanted.first {
            let writer = try WriterOpening.open(conninfo)
            let id = writer.id
            writersWanted.remove(worker)
            state.connected()
            log.debug("a writer is open", metadata: ["worker": "\(worker)", "writer": "\(id)"])
            workers[worker].post(.writer(writer.intoHandoff(), id))
        }
        while let worker = readersWanted.first {
            let reader = try Connection(
                conninfo, as: .reader, applicationName: "churn reader", patienceMilliseconds: Self.patienceMilliseconds)
            let pipeline = try reader.intoPipeline()
            readersWanted.remove(worker)
            workers[worker].post(.reader(Handoff(pipeline)))
        }
    }

    // MARK: Unknown batches

    private mutating func settleUnknown() throws(PostgresError) {
        var waiting: [UnknownBatch] = []
        let batches = unknown
        unknown = []
        for (index, batch) in batches.enumerated() {
            do throws(PostgresError) {
                if let stored = try UnknownSettlement.settle(batch, &control!) {
                    log.info("an unknown batch is settled", metadata: ["writer": "\(batch.writer)"])
                    workers[batch.worker].post(.resolved(place: batch.place, stored: stored))
                } else {
                    waiting.append(batch)
                }
            } catch {
                unknown = waiting + batches[index...]
                throw error
            }
        }
        unknown = waiting
    }

    // MARK: Watching

    private mutating func watch(_ now: Int) throws(PostgresError) {
        if now >= nextDurabilityCheck { try checkDurability() }
        if now >= nextSweep {
            // Once more at once where there was more than a handful.
            nextSweep = now + (try IdempotencyStore.sweep(&control!) ? 1 : 600) * 1_000_000_000
        }
        let isNotified = try control!.awaitNotification(milliseconds: 0) != nil
        guard isNotified || now >= nextCheck else { return }
        // The table says which of several promotions was the last.
        while control!.takeNotification() != nil {}
        nextCheck = now + 1_000_000_000
        try models.look(&control!, audience, state, log)
    }

    private mutating func checkDurability() throws(PostgresError) {
        nextDurabilityCheck = Clock.monotonicNanoseconds() + 5_000_000_000
        let durability = try control!.readDurability()
        var off: [String] = []
        if !durability.fsync { off.append("fsync") }
        if !durability.fullPageWrites { off.append("full_page_writes") }
        if !durability.synchronousCommit { off.append("synchronous_commit") }
        if !off.isEmpty, state.isDurable { log.critical("PostgreSQL could lose commits", metadata: ["off": "\(off)"]) }
        state.setUnsafeSettings(off)
    }
}
