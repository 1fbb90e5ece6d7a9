import JSON
import Kafka
import Linux
import Postgres

/// `churn events replay`: publishing stored predictions once more, on purpose.
///
/// It reads the table and leaves the marks alone: what the services have still to publish stays theirs.
package enum EventsReplay {
    private static let pageRows = 2_000
    /// How long Kafka may take until it has acknowledged something.
    private static let patienceNanoseconds = 60_000_000_000

    /// Publishes every prediction from one day on, up to another, which is not included; without one up to now.
    package static func run(
        from: Int, to: Int?, _ kafka: KafkaSettings?, _ options: CommandOptions
    ) throws(CommandError) -> CommandOutcome {
        guard let kafka else {
            throw CommandError(.configuration, "give --kafka-brokers or KAFKA_BROKERS: where are events to go?")
        }
        var session = try CommandSession(options, command: "events replay", isExclusive: false)
        let after = PredictionID(firstAt: from * 86_400_000_000).predecessor
        let end = to.map { PredictionID(firstAt: $0 * 86_400_000_000).predecessor } ?? now
        var replay = Replay(try producer(kafka))
        var progress = Progress("replay", isQuiet: options.isQuiet)
        try replay.publish(after: after, upTo: end, &session, &progress)
        progress.finish()
        let json: JSONValue = [
            "command": "events replay", "status": .string(replay.sent > 0 ? "done" : "unchanged"),
            "from": .date(from), "to": .date(to), "events": .count(replay.sent),
            "dead_lettered": .count(replay.deadLettered), "warnings": [],
        ]
        let text = "\(replay.sent) events were published again."
        return CommandOutcome(replay.sent > 0 ? .done : .unchanged, json: json, text: text)
    }

    /// The greatest id of this moment.
    private static var now: PredictionID { PredictionID(firstAt: Clock.wallMicroseconds() + 1).predecessor }

    private static func producer(_ kafka: KafkaSettings) throws(CommandError) -> EventProducer {
        do throws(KafkaError) { return try EventProducer.make(kafka) } catch {
            throw CommandError(.configuration, "Kafka: \(error)")
        }
    }

    /// One replay under way.
    private struct Replay: ~Copyable {
        private var producer: EventProducer
        private var stored = StoredEvents()
        private var underWay = 0
        private var reports: [DeliveryReport] = []
        private(set) var sent = 0
        private(set) var deadLettered = 0

        init(_ producer: consuming EventProducer) { self.producer = producer }

        mutating func publish(
            after start: PredictionID, upTo end: PredictionID, _ session: inout CommandSession,
            _ progress: inout Progress
        ) throws(CommandError) {
            try session.perform { connection throws(PostgresError) in try StoredPage.prepare(&connection) }
            var rows = EventRows(capacity: 4096)
            var after = start
            while true {
                let question = StoredPage.Question(after: after, writers: nil, limit: EventsReplay.pageRows)
                let page = try session.perform { connection throws(PostgresError) in
                    try StoredPage.read(question, &connection)
                }
                for row in 0..<page.count where page.id(row) <= end {
                    rows.removeAll()
                    try session.perform { connection throws(PostgresError) in
                        try stored.append(row, of: page, to: &rows, &connection)
                    }
                    try send(rows.rows[0], of: rows)
                    sent += 1
                }
                progress.update(sent, unit: "events")
                guard let last = page.last, !page.isLast, last < end else { break }
                after = last
            }
            try settle(0)
        }

        private mutating func send(_ row: EventRows.Row, of rows: borrowing EventRows) throws(CommandError) {
            if underWay >= Publisher.windowMax { try settle(Publisher.windowMax / 2) }
            while true {
                do throws(KafkaError) {
                    if stored.takeUnfit(row.id) {
                        try sendDeadLetter(row, of: rows, "unfit-row")
                    } else {
                        try producer.send(row, of: rows, tag: 0)
                    }
                    return underWay += 1
                } catch {
                    if error.isQueueFull {
                        try settle(underWay / 2)
                    } else if error.isRefusedRecord, (try? sendDeadLetter(row, of: rows, "too-large")) != nil {
                        return underWay += 1
                    } else {
                        throw CommandError(.inputOutput, "Kafka: \(error)")
                    }
                }
            }
        }

        private mutating func sendDeadLetter(
            _ row: EventRows.Row, of rows: borrowing EventRows, _ reason: StaticString
        ) throws(KafkaError) {
            try producer.sendDeadLetter(row, of: rows, reason: reason, tag: 0)
            deadLettered += 1
        }

        /// Waits until no more than so many messages are under way.
        private mutating func settle(_ count: Int) throws(CommandError) {
            var deadline = Clock.monotonicNanoseconds() + EventsReplay.patienceNanoseconds
            while underWay > count {
                producer.flush(milliseconds: 10)
                let others = producer.take(&reports)
                underWay -= reports.count
                if let failed = reports.first(where: { $0.error != nil })?.error {
                    throw CommandError(.inputOutput, "Kafka refused an event: \(failed); run the same command again")
                }
                for case .error(let error) in others where error.isFatal {
                    throw CommandError(.inputOutput, "Kafka: \(error); run the same command again")
                }
                let now = Clock.monotonicNanoseconds()
                if !reports.isEmpty { deadline = now + EventsReplay.patienceNanoseconds }
                guard now < deadline else {
                    throw CommandError(.inputOutput, "Kafka has acknowledged nothing for a minute", code: "kafka_away")
                }
            }
        }
    }
}
