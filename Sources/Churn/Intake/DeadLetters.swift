import Bytes
import Kafka
import Linux
import Logging

/// Where messages go that cannot be processed: as they were, with the reason and their place in headers.
struct DeadLetters: ~Copyable {
    private var producer: Producer
    private let topic: Producer.Topic
    private var reports: [DeliveryReport] = []
    private var underWay = 0

    private init(_ producer: consuming Producer, _ topic: Producer.Topic) {
        self.producer = producer
        self.topic = topic
    }

    static func make(_ settings: KafkaSettings) throws(KafkaError) -> DeadLetters {
        var producer = try Producer(settings.client)
        let topic = try producer.topic(settings.topics.deadLetters)
        return DeadLetters(producer, topic)
    }

    mutating func send(
        key: borrowing ByteBuffer, value: borrowing ByteBuffer, reason: String, place: TopicPartition,
        offset: Int64
    ) throws(KafkaError) {
        var headers = MessageHeaders(capacity: 2)
        headers.append("reason", Array(reason.utf8).span)
        headers.append("origin", Array("\(place.topic)-\(place.partition)-\(offset)".utf8).span)
        try producer.produce(
            to: topic, key: key.span, value: value.span, milliseconds: Clock.wallMicroseconds() / 1000,
            headers: headers, tag: 0)
        underWay += 1
    }

    /// Waits until all have been acknowledged.
    ///
    /// - Returns: false when they were not in time, or one was refused: then none counts as sent.
    mutating func deliver(within milliseconds: Int, _ clientLog: ClientLog, _ log: Logger) -> Bool {
        let deadline = Clock.monotonicNanoseconds() + milliseconds * 1_000_000
        var isRefused = false
        while underWay > 0, Clock.monotonicNanoseconds() < deadline {
            producer.flush(milliseconds: 10)
            hear(clientLog, log)
            underWay -= reports.count
            if reports.contains(where: { $0.error != nil }) { isRefused = true }
        }
        return underWay == 0 && !isRefused
    }

    /// Takes what the client has to say, so that nothing piles up.
    mutating func hear(_ clientLog: ClientLog, _ log: Logger) {
        for event in producer.take(&reports) {
            if case .log(let level, let facility, let text) = event { clientLog.take(level, facility, text, log) }
        }
    }
}
