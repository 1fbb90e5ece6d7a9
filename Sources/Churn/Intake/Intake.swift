import Bytes
import HTTP
import JSON
import Kafka
import Linux
import Logging
import Postgres

/// The thread that takes in requests from Kafka: scored and stored by the same code as those that come over HTTP.
///
/// A batch is messages of one partition, in their order. Its rows and the new place of the partition are one transaction, so
/// a message that is read twice, by one consumer or by two, makes one row. Where to begin is the table's to say; what the
/// group knows is for those who look at lags. What it does with partitions is in `+Places`, with messages in `+Messages`.
struct Intake: ~Copyable {
    let conninfo: String
    let settings: KafkaSettings
    let desk: PublishingDesk
    let mailbox: Mailbox<WorkerMessage>
    let service: ServiceState
    let state: IntakeState
    let metrics: WorkerMetrics
    let log: Logger

    var consumer: Consumer
    var letters: DeadLetters
    var predictor: Predictor
    var writer: IntakeWriter?
    var writerID: Int32 = 0
    var isConnected = false
    var nextConnect = 0

    /// Partitions that this process reads: where the table has each.
    var places: [TopicPartition: Int64] = [:]
    /// Partitions that were given to it and wait for the table to say where to begin.
    var unresolved: [TopicPartition]?
    /// Partitions that must not be read on before a person has looked.
    var stopped: Set<TopicPartition> = []
    var isPaused = false
    var retryAt = 0

    /// The batch that fills, and whose it is.
    var batch = Batch()
    var current: TopicPartition?
    var firstID: PredictionID?
    var next: Int64 = 0
    var messages = 0
    var lettersSent = 0
    /// Up to this offset of the current partition each message is a batch of its own: one of them was refused.
    var carefulUntil: (place: TopicPartition, offset: Int64)?
    var text = ByteBuffer(capacity: 4096)
    var key = ByteBuffer(capacity: 256)
    var ids = ByteBuffer(capacity: 512)

    init(
        conninfo: String, settings: KafkaSettings, desk: PublishingDesk, mailbox: Mailbox<WorkerMessage>,
        service: ServiceState, state: IntakeState, metrics: WorkerMetrics, log: Logger, consumer: consuming Consumer,
        letters: consuming DeadLetters
    ) {
        self.conninfo = conninfo
        self.settings = settings
        self.desk = desk
        self.mailbox = mailbox
        self.service = service
        self.state = state
        self.metrics = metrics
        self.log = log
        self.consumer = consumer
        self.letters = letters
        var random = SystemRandomNumberGenerator()
        predictor = Predictor(seed: random.next())
        predictor.origin.source = .kafka
        batch.keepsEvents = true
    }

    /// Works until it is told to stop.
    mutating func run() {
        while true {
            for message in mailbox.take() {
                if case .model(let model) = message { predictor.adopt(model, slot: metrics.slot(of: model)) }
                if case .drain = message { return }
            }
            work(Clock.monotonicNanoseconds())
        }
    }

    private mutating func work(_ now: Int) {
        do throws(PostgresError) {
            let isReady = try connect(now) && predictor.current != nil && now >= retryAt
            setPaused(!isReady)
            if isReady { try resolve(now) }
            try poll()
            if isConnected, current == nil { try writer!.storeMarkIfDue(desk) }
        } catch {
            disconnect(error, now)
        }
    }

    /// Takes what has come; a batch ends when nothing more is there at once, when it is full, or with its partition.
    private mutating func poll() throws(PostgresError) {
        for _ in 0..<Batch.rowsMax {
            guard let event = consumer.poll(milliseconds: current == nil ? 50 : 0) else { break }
            switch consume event {
            case .message(let message): try take(message)
            case .assigned(let given): unresolved = given
            case .revoked(let isLost): try letGo(isLost: isLost)
            case .error(let error):
                log.debug("Kafka consumer", metadata: ["error": "\(error)"])
            }
        }
        try finish()
    }

    // MARK: Connection

    private mutating func connect(_ now: Int) throws(PostgresError) -> Bool {
        if isConnected { return true }
        guard now >= nextConnect, service.database == .answering, service.isDurable else { return false }
        let opened = try IntakeWriter.open(conninfo)
        writerID = opened.id
        writer = consume opened
        isConnected = true
        // What was under way when the last connection went may have been committed: the table knows.
        if !places.isEmpty { unresolved = Array(places.keys) + stopped }
        return true
    }

    private mutating func disconnect(_ error: PostgresError, _ now: Int) {
        if isConnected {
            log.error("what comes from Kafka cannot be stored", metadata: error.metadata)
            desk.lost(writer: writerID)
        }
        writer = nil
        isConnected = false
        nextConnect = now + 500_000_000
        forget()
    }

    /// Forgets the batch: its messages will be read again.
    mutating func forget() {
        batch.removeAll()
        current = nil
        firstID = nil
        messages = 0
        lettersSent = 0
    }
}
