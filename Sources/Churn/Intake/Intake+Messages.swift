import Bytes
import Kafka
import Linux
import Logging
import Postgres

/// Messages: into the batch of their partition, or to the dead-letter topic.
extension Intake where Content: ~Copyable {
    /// How long the dead-letter topic may take.
    private static var lettersMilliseconds: Int { 5_000 }
    private static var retryNanoseconds: Int { 1_000_000_000 }

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
        next = message.offset + 1
        messages += 1
        if let reason = try content.take(message, text, place, &connection!) { letGo(reason, place, message.offset) }
    }

    private var isBatchFull: Bool {
        if messages >= Content.messagesMax || content.isFull { return true }
        guard let careful = carefulUntil, careful.place == current else { return false }
        return next <= careful.offset + 1
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
        if lettersSent > 0, !letters.deliver(within: Self.lettersMilliseconds, seat.clientLog, log) {
            log.error("the dead-letter topic does not take messages: their partition waits")
            return try readAgain(place, after: Self.retryNanoseconds)
        }
        do throws(PostgresError) {
            guard try store(place, from: known) else {
                log.warning("somebody else has taken this partition further", metadata: ["topic": "\(place.topic)"])
                return try readAgain(place, after: 0)
            }
        } catch {
            return try refused(error, place)
        }
        stored(place)
    }

    /// Stores the batch and the new place of its partition as one transaction.
    ///
    /// - Returns: false when somebody else has taken the partition further: nothing is stored then.
    private mutating func store(_ place: TopicPartition, from known: Int64) throws(PostgresError) -> Bool {
        try connection!.begin()
        do throws(PostgresError) {
            guard try ConsumedPlaces.claim(place, from: known, to: next, &connection!) else {
                try connection!.rollback()
                return false
            }
            try content.store(&connection!)
        } catch {
            if !error.isConnectionLost { try? connection!.rollback() }
            throw error
        }
        try connection!.commit()
        return true
    }

    private mutating func stored(_ place: TopicPartition) {
        content.committed()
        seat.state.count(stored: messages - lettersSent, deadLettered: lettersSent)
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
        content.removeAll()
        if lettersSent == 0 { letGo("row-refused", place, next - 1) }
        try finish()
    }
}
