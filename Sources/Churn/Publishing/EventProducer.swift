import Bytes
import Kafka
import Linux

/// Gives events to Kafka: CloudEvents 1.0 in binary mode (Kafka protocol binding, §3.2), keyed by customer.
///
/// Everything in an event comes from its row, the time of the message included: given again it is the same event.
struct EventProducer: ~Copyable, Sendable {
    private var producer: Producer
    private let predictions: Producer.Topic
    private let alerts: Producer.Topic
    private let deadLetters: Producer.Topic
    /// The two headers that differ between the events of one topic, where their requests brought no ids.
    private enum Changing { static let id = 0, time = 1 }
    private var id = ByteBuffer(capacity: 40)
    private var time = ByteBuffer(capacity: 40)

    private init(
        _ producer: consuming Producer, _ predictions: Producer.Topic, _ alerts: Producer.Topic,
        _ deadLetters: Producer.Topic
    ) {
        self.producer = producer
        self.predictions = predictions
        self.alerts = alerts
        self.deadLetters = deadLetters
    }

    static func make(_ settings: KafkaSettings) throws(KafkaError) -> EventProducer {
        // The threads of librdkafka are made here, and do most of the work: predictions go before events.
        let client = settings.client
        var producer = try Thread.aside { () throws(KafkaError) in try Producer(client) }
        let predictions = try producer.topic(settings.topics.predictions)
        let alerts = try producer.topic(settings.topics.alerts)
        let deadLetters = try producer.topic(settings.topics.deadLetters)
        return EventProducer(producer, predictions, alerts, deadLetters)
    }

    /// Lets librdkafka write to `descriptor` when there is something to take.
    mutating func wake(_ descriptor: CInt) { producer.wake(descriptor) }

    // MARK: Events

    /// The event of a prediction.
    mutating func send(_ row: EventRows.Row, of rows: borrowing EventRows, tag: UInt) throws(KafkaError) {
        let headers = headers(row, of: rows, predictions, "churn.prediction")
        try producer.produce(
            to: predictions, key: rows.customer(row), value: rows.value(row), milliseconds: row.id.milliseconds,
            headers: headers, tag: tag)
    }

    /// The alert of a prediction: the same value, so that who is alerted knows why.
    mutating func sendAlert(_ row: EventRows.Row, of rows: borrowing EventRows, tag: UInt) throws(KafkaError) {
        let headers = headers(row, of: rows, alerts, "churn.alert", source: "/churn/alerts")
        try producer.produce(
            to: alerts, key: rows.customer(row), value: rows.value(row), milliseconds: row.id.milliseconds,
            headers: headers, tag: tag)
    }

    /// What goes where an event would be that Kafka refuses: the id of the prediction and the reason.
    ///
    /// The prediction itself is in the table; here it may be too large.
    mutating func sendDeadLetter(
        _ row: EventRows.Row, of rows: borrowing EventRows, reason: StaticString, tag: UInt
    ) throws(KafkaError) {
        var headers = headers(row, of: rows, nil, "churn.dead-letter")
        headers.append("reason", reason)
        var value = ByteBuffer(capacity: 128)
        value.append("{\"prediction_id\":\"")
        value.append(uuid: row.id.bits)
        value.append("\",\"reason\":\"")
        value.append(reason)
        value.append("\"}")
        try producer.produce(
            to: deadLetters, key: rows.customer(row), value: value.span, milliseconds: row.id.milliseconds,
            headers: headers, tag: tag)
    }

    /// - Parameter topic: whose messages leave their headers to the next one, where only the values that change differ.
    private mutating func headers(
        _ row: EventRows.Row, of rows: borrowing EventRows, _ topic: Producer.Topic?, _ type: StaticString,
        source: StaticString = "/churn"
    ) -> MessageHeaders {
        id.removeAll()
        id.append(uuid: row.id.bits)
        time.removeAll()
        time.append(time: CivilTime(microsecondsSince1970: row.id.microseconds))
        let isPlain = topic != nil && rows.request(row).isEmpty && rows.correlation(row).isEmpty
        if isPlain, let topic, var spare = producer.spareHeaders(topic),
            spare.overwrite(Changing.id, id.span), spare.overwrite(Changing.time, time.span)
        {
            return spare
        }
        var headers = MessageHeaders(capacity: 8)
        headers.append("ce_specversion", "1.0")
        headers.append("ce_id", id.span, isChanging: isPlain)
        headers.append("ce_type", type)
        headers.append("ce_source", source)
        headers.append("ce_time", time.span, isChanging: isPlain)
        headers.append("content-type", "application/json")
        if !rows.request(row).isEmpty { headers.append("request_id", rows.request(row)) }
        if !rows.correlation(row).isEmpty { headers.append("correlation_id", rows.correlation(row)) }
        return headers
    }

    // MARK: Reports

    /// Takes everything that has come; see `Producer.take`.
    mutating func take(_ reports: inout [DeliveryReport]) -> [ClientEvent] {
        producer.take(&reports)
    }

    /// Waits a little for what is under way.
    mutating func flush(milliseconds: Int) { producer.flush(milliseconds: milliseconds) }
}
