import Bytes
import HTTP
import Linux
import Logging
import Postgres
import Server

/// The thread that answers predictions whose callers named them: each is made once, however often it is asked for.
///
/// It takes what waits, looks the names up, scores those that are new, takes their names, stores their rows and answers: all of
/// it one transaction, whose commit makes name, rows and answer appear together. So whatever is lost on the way, doing it
/// again is right: either the name is there with its answer, or nothing is. Where two instances are asked for the same at
/// once, the name's index lets one of them wait for the other's commit. What a round does is in `+Round`.
struct Clerk: ~Copyable {
    let conninfo: String
    let mailbox: Mailbox<WorkerMessage>
    let workers: [Mailbox<WorkerMessage>]
    let service: ServiceState
    /// Nil where nothing is published.
    let desk: PublishingDesk?
    let metrics: WorkerMetrics
    let log: Logger

    var predictor: Predictor
    var writer: ClerkWriter?
    var writerID: Int32 = 0
    private var isConnected = false
    private var nextConnect = 0
    /// Requests in the order in which they came.
    var waiting: [NamedRequest] = []
    /// So many rounds take one request alone: a row of one of them was refused.
    var careful = 0

    var batch = Batch()
    var text = ByteBuffer(capacity: 4096)
    var ids = ByteBuffer(capacity: 512)
    var scalars = BinaryParameters()

    init(
        conninfo: String, mailbox: Mailbox<WorkerMessage>, workers: [Mailbox<WorkerMessage>], service: ServiceState,
        desk: PublishingDesk?, metrics: WorkerMetrics, log: Logger
    ) {
        self.conninfo = conninfo
        self.mailbox = mailbox
        self.workers = workers
        self.service = service
        self.desk = desk
        self.metrics = metrics
        self.log = log
        var random = SystemRandomNumberGenerator()
        predictor = Predictor(seed: random.next())
        batch.keepsEvents = desk != nil
    }

    /// Works until it is told to stop; by then the workers have ended, so nobody waits any more.
    mutating func run() {
        while true {
            // A failure of poll is that of a descriptor that cannot be closed: the mailbox has it.
            _ = try? Poller.wait(for: mailbox.number, .readable, timeoutMilliseconds: waiting.isEmpty ? 100 : 20)
            for message in mailbox.take() {
                switch message {
                case .model(let model): predictor.adopt(model, slot: metrics.slot(of: model))
                case .named(let request): waiting.append(request)
                case .drain: return
                default: break
                }
            }
            work(Clock.monotonicNanoseconds())
        }
    }

    private mutating func work(_ now: Int) {
        // Who was told that nobody knows will ask again.
        waiting.removeAll { now - $0.askedAt > WriteQueue.answerNanoseconds }
        do throws(PostgresError) {
            if !waiting.isEmpty, predictor.current != nil, try connect(now) {
                try settleRound()
            } else if isConnected, let desk {
                try writer!.storeMarkIfDue(desk)
            }
        } catch {
            disconnect(error, now)
        }
    }

    // MARK: Connection

    /// The connection is made when it is needed first: most callers name nothing.
    private mutating func connect(_ now: Int) throws(PostgresError) -> Bool {
        if isConnected { return true }
        guard now >= nextConnect, service.database == .answering, service.isDurable else { return false }
        let opened = try ClerkWriter.open(conninfo)
        writerID = opened.id
        writer = consume opened
        isConnected = true
        return true
    }

    private mutating func disconnect(_ error: PostgresError, _ now: Int) {
        if isConnected {
            log.warning("the connection of named predictions was lost", metadata: error.metadata)
            desk?.lost(writer: writerID)
        }
        writer = nil
        isConnected = false
        nextConnect = now + 100_000_000
        batch.removeAll()
    }
}
