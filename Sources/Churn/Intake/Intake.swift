import Bytes
import Kafka
import Linux
import Logging
import Postgres

/// A thread that takes a topic in from Kafka.
///
/// A batch is messages of one partition, in their order. What it stores and the new place of the partition are one
/// transaction, so a message that is read twice, by one consumer or by two, counts once. Where to begin is the table's to
/// say; what the group knows is for those who look at lags. What it does with partitions is in `+Places`, with messages in
/// `+Messages`; what the messages are is the business of `Content`.
struct Intake<Content: IntakeContent & ~Copyable>: ~Copyable {
    let conninfo: String
    let seat: IntakeSeat
    let service: ServiceState
    let log: Logger

    var consumer: Consumer
    var letters: DeadLetters
    var content: Content
    var connection: Connection?
    var isConnected = false
    private var nextConnect = 0

    /// Partitions that this process reads: where the table has each.
    var places: [TopicPartition: Int64] = [:]
    /// Partitions that were given to it and wait for the table to say where to begin.
    var unresolved: [TopicPartition]?
    /// Partitions that must not be read on before a person has looked.
    var stopped: Set<TopicPartition> = []
    /// How often a person had let each of its partitions be read anew when it was begun, or stopped.
    var resets: [Int32: Int] = [:]
    var isPaused = false
    var retryAt = 0
    private var nextLook = 0

    /// The partition whose batch fills.
    var current: TopicPartition?
    var next: Int64 = 0
    var messages = 0
    var lettersSent = 0
    /// Up to this offset of the current partition each message is a batch of its own: one of them was refused.
    var carefulUntil: (place: TopicPartition, offset: Int64)?
    var text = ByteBuffer(capacity: 4096)
    var key = ByteBuffer(capacity: 256)

    init(
        conninfo: String, seat: IntakeSeat, service: ServiceState, log: Logger, consumer: consuming Consumer,
        letters: consuming DeadLetters, content: consuming Content
    ) {
        self.conninfo = conninfo
        self.seat = seat
        self.service = service
        self.log = log
        self.consumer = consumer
        self.letters = letters
        self.content = content
    }

    /// Works until it is told to stop.
    mutating func run() {
        while true {
            for message in seat.mailbox.take() {
                if case .drain = message { return }
                content.hear(message)
            }
            work(Clock.monotonicNanoseconds())
        }
    }

    private mutating func work(_ now: Int) {
        let looks = now >= nextLook
        if looks {
            nextLook = now + 1_000_000_000
            tell()
        }
        do throws(PostgresError) {
            let isReady = try connect(now) && content.isReady && now >= retryAt
            setPaused(!isReady)
            if isReady { try resolve(now) }
            try poll(now)
            if isConnected, current == nil { try content.rest(&connection!) }
            if looks { try look() }
        } catch {
            disconnect(error, now)
        }
    }

    /// Takes what has come; a batch ends when nothing more is there at once, when it is full, or with its partition.
    ///
    /// Where one was refused and is to be tried again, nothing more is taken: each of the next batches would wait as long for
    /// the same lock, and the lags for all of them.
    private mutating func poll(_ now: Int) throws(PostgresError) {
        for _ in 0..<Content.messagesMax {
            guard let event = consumer.poll(milliseconds: current == nil ? 50 : 0) else { break }
            switch consume event {
            case .message(let message): try take(message)
            case .assigned(let given): unresolved = given
            case .revoked(let isLost): try letGo(isLost: isLost)
            case .error(let error, _): failed(error)
            case .log(let level, let facility, let text): seat.clientLog.take(level, facility, text, log)
            }
            if retryAt > now { break }
        }
        try finish()
    }

    private mutating func failed(_ error: KafkaError) {
        seat.clientLog.take(4, "consumer", error.description, log)
        if error.isFatal { return restart(error) }
        guard error.isPlaceGone, !places.isEmpty || !stopped.isEmpty else { return }
        // Whether a topic was made anew or has only lost old messages is for `start` to tell.
        unresolved = Array(places.keys) + stopped
        retryAt = Clock.monotonicNanoseconds() + 1_000_000_000
    }

    /// The consumer is of no more use.
    private mutating func restart(_ error: KafkaError) {
        log.error("the Kafka consumer came to its end; another one goes on", metadata: ["error": "\(error)"])
        forget()
        forgetPlaces()
        do throws(KafkaError) { consumer = try seat.makeConsumer() } catch {
            log.critical("no Kafka consumer can be made", metadata: ["error": "\(error)"])
            Thread.sleep(milliseconds: 1000)
        }
    }

    /// Every second: lags for the metrics, above all where nothing can be stored.
    private mutating func tell() {
        letters.hear(seat.clientLog, log)
        var lags: [(TopicPartition, Int64)] = []
        for (place, next) in places {
            if let end = consumer.knownEnd(place) { lags.append((place, max(end - next, 0))) }
        }
        seat.state.set(lags: lags, stopped: stopped.count)
    }

    /// Every second, too: whether a person wants partitions to be read from their beginning.
    private mutating func look() throws(PostgresError) {
        guard isConnected, unresolved == nil, current == nil else { return }
        let mine = Array(places.keys) + stopped
        if mine.isEmpty { return }
        let told = try ConsumedPlaces.resets(seat.topic, &connection!)
        if mine.contains(where: { isReset($0, told) }) { unresolved = mine }
    }

    /// Whether a person has let a partition be read from its beginning since it was begun here, or stopped.
    func isReset(_ place: TopicPartition, _ told: [Int32: Int]) -> Bool {
        guard let known = resets[place.partition] else { return false }
        return told[place.partition].map { $0 > known } ?? false
    }

    // MARK: Connection

    private mutating func connect(_ now: Int) throws(PostgresError) -> Bool {
        if isConnected { return true }
        guard now >= nextConnect, service.database == .answering, service.isDurable else { return false }
        var opened = try WriterOpening.connect(conninfo)
        try content.begin(&opened)
        connection = consume opened
        isConnected = true
        // What was under way when the last connection went may have been committed: the table knows.
        if !places.isEmpty { unresolved = Array(places.keys) + stopped }
        return true
    }

    private mutating func disconnect(_ error: PostgresError, _ now: Int) {
        if isConnected {
            log.error("what comes from Kafka cannot be stored", metadata: error.metadata)
            content.lost()
        }
        connection = nil
        isConnected = false
        nextConnect = now + 500_000_000
        forget()
    }

    /// Forgets what it knew of partitions.
    mutating func forgetPlaces() {
        places.removeAll()
        stopped.removeAll()
        resets.removeAll()
        unresolved = nil
    }

    /// Forgets the batch: its messages will be read again.
    mutating func forget() {
        content.removeAll()
        current = nil
        messages = 0
        lettersSent = 0
    }
}
