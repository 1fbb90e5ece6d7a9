import Kafka
import Linux
import Logging

/// Giving rows to Kafka.
extension Publisher {
    /// How many more messages may be given now.
    func room(_ now: Int) -> Int {
        if now < retryAt || hasFailed || careful != nil { return 0 }
        return (state.isAway ? Self.windowWhileAway : window) - underWay
    }

    /// Gives the rows of a writer to Kafka; those for which there is no room will be read from the table.
    mutating func send(_ rows: borrowing EventRows, of writer: Int32, _ alerts: Set<PredictionID>) {
        var room = room(Clock.monotonicNanoseconds())
        let track = tracks[writer]!
        for row in rows.rows {
            guard row.id > track.enqueued else { continue }
            let isAlert = row.churn && alerts.contains(row.id)
            guard room > 1, send(row, of: rows, track, isAlert: isAlert) else { return track.fallBehind() }
            room -= isAlert ? 2 : 1
        }
    }

    /// Gives one row to Kafka.
    ///
    /// - Returns: false when it was not taken and is to be read again.
    mutating func send(
        _ row: EventRows.Row, of rows: borrowing EventRows, _ track: WriterTrack, isAlert: Bool
    ) -> Bool {
        let isRepeated = row.id <= track.furthest
        let tag = Self.tag(track.writer, track.nextNumber)
        do throws(KafkaError) {
            if stored.takeUnfit(row.id) {
                try sendDeadLetter(row, of: rows, reason: "unfit-row", tag)
            } else {
                try producer!.send(row, of: rows, tag: tag)
            }
        } catch {
            // Too large for the settings of this client: it was alone, so it is the row that is refused.
            guard error.isRefusedRecord, sendRefused(row, of: rows, tag) else {
                refused(error, track)
                return false
            }
        }
        underWay += 1
        track.enqueue(row.id, messages: isAlert ? 2 : 1)
        if isRepeated { state.count(.retried) }
        return !isAlert || sendAlert(row, of: rows, track, tag)
    }

    /// Gives the alert of a row to Kafka; the mark waits for both.
    private mutating func sendAlert(
        _ row: EventRows.Row, of rows: borrowing EventRows, _ track: WriterTrack, _ tag: UInt
    ) -> Bool {
        do throws(KafkaError) {
            try producer!.sendAlert(row, of: rows, tag: tag)
        } catch {
            guard error.isRefusedRecord, sendRefused(row, of: rows, tag) else {
                // The event is under way under this number: it must not count for the row when that is sent again.
                track.startOver()
                refused(error, track)
                return false
            }
        }
        underWay += 1
        state.countAlert()
        return true
    }

    private mutating func sendRefused(_ row: EventRows.Row, of rows: borrowing EventRows, _ tag: UInt) -> Bool {
        (try? sendDeadLetter(row, of: rows, reason: "too-large", tag)) != nil
    }

    mutating func sendDeadLetter(
        _ row: EventRows.Row, of rows: borrowing EventRows, reason: StaticString, _ tag: UInt
    ) throws(KafkaError) {
        try producer!.sendDeadLetter(row, of: rows, reason: reason, tag: tag)
        state.count(.deadLettered)
        log.error(
            "an event goes to the dead-letter topic",
            metadata: ["prediction": "\(row.id.text)", "reason": "\(reason)"])
    }

    /// A message was not taken.
    private mutating func refused(_ error: KafkaError, _ track: WriterTrack) {
        // librdkafka was told of a smaller queue, or the messages are large: no more than this at a time.
        if error.isQueueFull { return window = max(underWay, 1) }
        fail(error, track, Clock.monotonicNanoseconds())
    }

    // MARK: Tags

    /// What a report says of its message: whose it is, and the number that the writer's track gave it.
    static func tag(_ writer: Int32, _ number: UInt32) -> UInt { UInt(UInt32(bitPattern: writer)) << 32 | UInt(number) }

    static func writer(ofTag tag: UInt) -> Int32 { Int32(bitPattern: UInt32(truncatingIfNeeded: tag >> 32)) }

    static func number(ofTag tag: UInt) -> UInt32 { UInt32(truncatingIfNeeded: tag) }
}
