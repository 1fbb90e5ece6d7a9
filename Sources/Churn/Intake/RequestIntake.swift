import Bytes
import JSON
import Kafka
import Learning
import Linux
import Postgres

/// Requests for predictions: scored and stored by the same code as those that come over HTTP.
///
/// Its connection is a writer like that of a worker.
struct RequestIntake: IntakeContent, ~Copyable {
    static var messagesMax: Int { Batch.rowsMax }

    private let desk: PublishingDesk
    private let metrics: WorkerMetrics
    private var predictor: Predictor
    private var batch = Batch()
    private var firstID: PredictionID?
    private var writer: Int32 = 0
    private var isWriter = false
    private var mark = MarkKeeping()
    private var scalars = BinaryParameters()
    /// The caller's ids, one after the other.
    private var ids = ByteBuffer(capacity: 512)

    init(_ desk: PublishingDesk, _ metrics: WorkerMetrics) {
        self.desk = desk
        self.metrics = metrics
        var random = SystemRandomNumberGenerator()
        predictor = Predictor(seed: random.next())
        predictor.origin.source = .kafka
        batch.keepsEvents = true
    }

    var isReady: Bool { predictor.current != nil }
    var isFull: Bool { batch.isFull }

    mutating func hear(_ message: WorkerMessage) {
        if case .model(let model) = message { predictor.adopt(model, slot: metrics.slot(of: model)) }
    }

    // MARK: Connection

    mutating func begin(_ connection: inout Connection) throws(PostgresError) {
        writer = try WriterOpening.register(&connection)
        isWriter = true
        mark = MarkKeeping()
    }

    mutating func lost() {
        if isWriter { desk.lost(writer: writer) }
        isWriter = false
    }

    // MARK: Scoring

    mutating func take(
        _ message: borrowing ConsumedMessage, _ text: borrowing ByteBuffer, _ place: TopicPartition,
        _ connection: inout Connection
    ) throws(PostgresError) -> String? {
        setOrigin(message, place)
        return try score(text, nil, &connection)
    }

    /// The caller's ids, from the headers; where it gave none, the place of the message stands for it.
    private mutating func setOrigin(_ message: borrowing ConsumedMessage, _ place: TopicPartition) {
        ids.removeAll()
        ids.append(message.header("request_id"))
        let middle = ids.count
        ids.append(message.header("correlation_id"))
        if ids.count == middle {
            ids.append(text: place.topic)
            ids.append(byte: 0x2D)
            ids.append(decimal: Int(place.partition))
            ids.append(byte: 0x2D)
            ids.append(decimal: Int(message.offset))
        }
        predictor.origin.set(
            ids, requestID: middle == 0 ? nil : 0..<middle, correlationID: middle..<ids.count)
    }

    private mutating func score(
        _ text: borrowing ByteBuffer, _ snapshots: Snapshots?, _ connection: inout Connection
    ) throws(PostgresError) -> String? {
        let options = Predictor.Options(records: true, now: Clock.wallMicroseconds())
        let outcome: Predictor.Outcome
        do throws(JSONError) {
            outcome = try predictor.predict(text, 0..<text.count, options, snapshots: snapshots, into: &batch)
        } catch {
            return "not-json"
        }
        switch outcome {
        case .answered:
            if firstID == nil { firstID = predictor.firstID }
            return nil
        case .faulty: return predictor.faults.list.first.map { "invalid: \($0.pointer) \($0.reason.rawValue)" }
        case .overflow: return "overflow"
        case .needsSnapshots: return try scoreFromSnapshots(text, &connection)
        }
    }

    /// The request names customers and no features: the latest stored ones are used, as over HTTP.
    private mutating func scoreFromSnapshots(
        _ text: borrowing ByteBuffer, _ connection: inout Connection
    ) throws(PostgresError) -> String? {
        let waiting = WaitingPrediction(
            text, 0..<text.count, customers: predictor.wantedCustomers, model: predictor.current, records: true,
            allowsStale: false, origin: predictor.origin)
        let result = try connection.execute(
            Snapshots.statement, parameters: [.text(waiting.customersJSON)] + waiting.days.map { Parameter($0) })
        let (snapshots, oldest) = Snapshots.read(result)
        if result.rowCount < waiting.customerCount { return "no-features" }
        let today = Clock.wallMicroseconds() / 86_400_000_000
        if let horizon = waiting.horizonDays, today - oldest > horizon { return "stale-features" }
        return try score(text, snapshots, &connection)
    }

    // MARK: Storing

    mutating func store(_ connection: inout Connection) throws(PostgresError) {
        if batch.columns.count > 0 {
            scalars.removeAll()
            scalars.append(integer: writer)
            let stored = try connection.execute(
                PredictionInsert.text, columns: batch.columns.arrays.span, scalars)
            precondition(stored == batch.columns.count, "an INSERT of \(batch.columns.count) rows stored \(stored)")
        }
        if let mark = mark.next(firstID, desk, writer, now: Clock.monotonicNanoseconds()) {
            try connection.execute(MarkKeeping.text, .integer(Int(writer)), .uuid(mark.bits))
        }
    }

    mutating func committed() {
        mark.committed(now: Clock.monotonicNanoseconds())
        for row in batch.scored { metrics.predicted(row) }
        if batch.columns.count > 0 { desk.committed(batch.takeEvents(0..<batch.columns.count), writer: writer) }
    }

    /// Stores the mark when no batch has come to take it along.
    mutating func rest(_ connection: inout Connection) throws(PostgresError) {
        let now = Clock.monotonicNanoseconds()
        guard mark.isDue(desk, writer, now: now), let due = mark.next(nil, desk, writer, now: now) else { return }
        try connection.execute(MarkKeeping.text, .integer(Int(writer)), .uuid(due.bits))
        mark.committed(now: now)
    }

    mutating func removeAll() {
        batch.removeAll()
        firstID = nil
    }
}
