import Bytes
import JSON
import Kafka
import Learning
import Linux
import Logging
import Postgres

/// Messages: from their bytes to rows, or to the dead-letter topic.
extension Intake {
    /// How long the dead-letter topic may take.
    private static let lettersMilliseconds = 5_000
    private static let retryNanoseconds = 1_000_000_000

    /// Takes a message into the batch of its partition.
    mutating func take(_ message: borrowing ConsumedMessage) throws(PostgresError) {
        let place = TopicPartition(topic: message.topic, partition: message.partition)
        if let current, current != place || isBatchFull { try finish() }
        // What the table has already, and what is not this member's any more, is not looked at.
        guard let known = places[place], message.offset >= known, unresolved == nil, isConnected else { return }
        if current == nil {
            current = place
            next = known
        }
        guard message.offset >= next else { return }
        text.removeAll()
        text.append(message.value)
        key.removeAll()
        key.append(message.key)
        setOrigin(message, place)
        next = message.offset + 1
        messages += 1
        if let reason = try score() { letGo(reason, place, message.offset) }
    }

    private var isBatchFull: Bool {
        if messages >= Batch.rowsMax || batch.isFull { return true }
        guard let careful = carefulUntil, careful.place == current else { return false }
        return next <= careful.offset + 1
    }

    /// The caller's ids, from the headers; where it gave none, the place of the message stands for it.
    private mutating func setOrigin(_ message: borrowing ConsumedMessage, _ place: TopicPartition) {
        ids.removeAll()
        ids.append(message.header("request_id"))
        let middle = ids.count
        ids.append(message.header("correlation_id"))
        if ids.count == middle { ids.append(text: "\(place.topic)-\(place.partition)-\(message.offset)") }
        predictor.origin.set(
            ids, requestID: middle == 0 ? nil : 0..<middle, correlationID: middle..<ids.count)
    }

    // MARK: Scoring

    /// Scores the request in `text`.
    ///
    /// - Returns: why it cannot be, where it cannot.
    private mutating func score(_ snapshots: Snapshots? = nil) throws(PostgresError) -> String? {
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
        case .needsSnapshots: return try scoreFromSnapshots()
        }
    }

    /// The request names customers and no features: the latest stored ones are used, as over HTTP.
    private mutating func scoreFromSnapshots() throws(PostgresError) -> String? {
        let waiting = WaitingPrediction(
            text, 0..<text.count, customers: predictor.wantedCustomers, model: predictor.current, records: true,
            allowsStale: false, origin: predictor.origin)
        let result = try writer!.connection.execute(
            Snapshots.statement, parameters: [.text(waiting.customersJSON)] + waiting.days.map { Parameter($0) })
        let (snapshots, oldest) = Snapshots.read(result)
        if result.rowCount < waiting.customerCount { return "no-features" }
        let today = Clock.wallMicroseconds() / 86_400_000_000
        if let horizon = waiting.horizonDays, today - oldest > horizon { return "stale-features" }
        return try score(snapshots)
    }

    /// Sends the message in `text` to the dead-letter topic.
    private mutating func letGo(_ reason: String, _ place: TopicPartition, _ offset: Int64) {
        do throws(KafkaError) {
            try letters.send(key: key, value: text, reason: reason, place: place, offset: offset)
        } catch {
            // Too large with its headers: the reason and the place tell where it is.
            let short = ByteBuffer()
            _ = try? letters.send(key: short, value: short, reason: reason, place: place, offset: offset)
        }
        lettersSent += 1
    }

    // MARK: Storing

    /// Stores the batch, if there is one, and moves the place of its partition.
    mutating func finish() throws(PostgresError) {
        guard let place = current, messages > 0, let known = places[place] else { return forget() }
        if lettersSent > 0, !letters.deliver(within: Self.lettersMilliseconds) {
            log.error("the dead-letter topic does not take messages: their partition waits")
            return try readAgain(place, after: Self.retryNanoseconds)
        }
        let claim = IntakeClaim(place: place, known: known, next: next)
        do throws(PostgresError) {
            guard try writer!.store(batch, first: firstID, claim, desk) else {
                log.warning("somebody else has taken this partition further", metadata: ["topic": "\(place.topic)"])
                return try readAgain(place, after: 0)
            }
        } catch {
            return try refused(error, place)
        }
        stored(place)
    }

    private mutating func stored(_ place: TopicPartition) {
        for row in batch.scored { metrics.predicted(row) }
        if batch.columns.count > 0 { desk.committed(batch.takeEvents(0..<batch.columns.count), writer: writerID) }
        state.count(stored: messages - lettersSent, deadLettered: lettersSent)
        places[place] = next
        // For those who look at lags; the table is what counts.
        _ = try? consumer.commit(place, next: next, waits: false)
        forget()
    }

    /// PostgreSQL did not take a batch.
    private mutating func refused(_ error: PostgresError, _ place: TopicPartition) throws(PostgresError) {
        guard !error.isConnectionLost, error.isBadData || error.isRetriable else { throw error }
        log.warning("PostgreSQL refused what came from Kafka", metadata: error.metadata)
        if error.isRetriable { return try readAgain(place, after: Self.retryNanoseconds) }
        if messages > 1 {
            carefulUntil = (place, next - 1)
            return try readAgain(place, after: 0)
        }
        // It was alone: without its rows, and with a letter, the partition goes on.
        batch.removeAll()
        firstID = nil
        if lettersSent == 0 { letGo("row-refused", place, next - 1) }
        try finish()
    }
}
