import CKafka

/// A client that sends messages: each is acknowledged by every replica that is in sync, and stored once a session.
///
/// Nothing is lost silently: each message that was taken is reported, delivered or not. librdkafka sends and retries on
/// threads of its own; calls here never wait, except `flush`. For one thread.
@safe
package struct Producer: ~Copyable, Sendable {
    private nonisolated(unsafe) let handle: OpaquePointer
    private nonisolated(unsafe) let queue: OpaquePointer
    private nonisolated(unsafe) var topics: [OpaquePointer] = unsafe []

    /// What is known of a message under way: half a line of the processor's cache, as there are many.
    private struct Sent {
        let tag: UInt
        let changing: ChangingValues
        let topic: UInt32
    }

    /// The headers of a message that was delivered.
    @safe
    private struct Spare {
        let headers: OpaquePointer
        let changing: ChangingValues
    }

    /// Messages under way, each at the place that goes with it through librdkafka; and places where none is.
    private nonisolated(unsafe) var sent: [Sent] = []
    private var freePlaces: [Int] = []

    /// Headers that may wait for the next message of a topic.
    private static let spareMax = 4096
    /// Those of the messages of each topic.
    private nonisolated(unsafe) var spares: [[Spare]] = []

    /// A topic of this producer.
    package struct Topic: Sendable {
        fileprivate let index: Int
    }

    /// What a producer here must be, whatever else it is told.
    ///
    /// The idempotent producer writes a batch once though it sends it again, and keeps its messages in order. Without a
    /// timeout a message is given up only by its sender: one that librdkafka gives up may or may not have been stored.
    /// `murmur2_random` chooses the partitions that other clients choose for the same key.
    private static let fixed: [(name: String, value: String)] = [
        ("enable.idempotence", "true"), ("acks", "all"), ("message.timeout.ms", "0"),
        ("partitioner", "murmur2_random"),
    ]

    /// What a producer here is unless it is told otherwise.
    ///
    /// The queue is small, because the table is the backlog: what waits there costs no memory here. A topic that was not
    /// there is looked for every ten seconds, not every five minutes.
    private static let defaults: [(name: String, value: String)] = [
        ("linger.ms", "5"), ("batch.num.messages", "10000"), ("compression.type", "lz4"),
        ("queue.buffering.max.messages", "16384"), ("queue.buffering.max.kbytes", "16384"),
        ("socket.keepalive.enable", "true"), ("statistics.interval.ms", "5000"), ("reconnect.backoff.max.ms", "2000"),
        ("topic.metadata.refresh.interval.ms", "10000"),
    ]

    /// - Parameter settings: stronger than the defaults, weaker than what is fixed.
    package init(_ settings: [(name: String, value: String)]) throws(KafkaError) {
        let handle = unsafe try Self.make(settings)
        unsafe self.handle = unsafe handle
        unsafe queue = unsafe rd_kafka_queue_get_main(handle)
    }

    private static func make(_ settings: [(name: String, value: String)]) throws(KafkaError) -> OpaquePointer {
        var configuration = ClientConfiguration()
        try configuration.set(defaults)
        try configuration.set(settings)
        try configuration.set(fixed)
        return unsafe try configuration.makeClient(
            RD_KAFKA_PRODUCER, events: RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_STATS)
    }

    /// Ends at once: what was not delivered is forgotten here.
    deinit {
        unsafe rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        for spare in unsafe spares.joined() { unsafe rd_kafka_headers_destroy(spare.headers) }
        for index in unsafe topics.indices { unsafe rd_kafka_topic_destroy(topics[index]) }
        unsafe rd_kafka_queue_destroy(queue)
        unsafe rd_kafka_destroy(handle)
    }

    /// Lets librdkafka write to `descriptor`, an eventfd, when there is something to take.
    package mutating func wake(_ descriptor: CInt) {
        var one: UInt64 = 1
        unsafe rd_kafka_queue_io_event_enable(queue, descriptor, &one, 8)
    }

    package mutating func topic(_ name: String) throws(KafkaError) -> Topic {
        guard let topic = unsafe rd_kafka_topic_new(handle, name, nil) else { throw KafkaError(rd_kafka_last_error()) }
        unsafe topics.append(topic)
        unsafe spares.append([])
        return Topic(index: unsafe topics.count - 1)
    }

    // MARK: Sending

    /// The headers of a message of this topic that was delivered, with values to be written over; nil when there are none.
    package mutating func spareHeaders(_ topic: Topic) -> MessageHeaders? {
        guard let spare = unsafe spares[topic.index].popLast() else { return nil }
        return unsafe MessageHeaders(owning: spare.headers, spare.changing)
    }

    /// Takes a message; its report comes later, with `tag`.
    ///
    /// Key and value are copied. The C function is `rd_kafka_producev`.
    /// - Throws: why it was not taken; there is no report then.
    package mutating func produce(
        to topic: Topic, key: Span<UInt8>, value: Span<UInt8>, milliseconds: Int, headers: consuming MessageHeaders,
        tag: UInt
    ) throws(KafkaError) {
        let place = place(Sent(tag: tag, changing: headers.changing, topic: UInt32(topic.index)))
        let headers = unsafe headers.relinquish()
        let code = unsafe key.withUnsafeBufferPointer { key in
            unsafe value.withUnsafeBufferPointer { value in
                unsafe kafka_produce(
                    handle, topics[topic.index], key.baseAddress, key.count, value.baseAddress, value.count,
                    Int64(milliseconds), headers, UInt(place))
            }
        }
        if code == RD_KAFKA_RESP_ERR_NO_ERROR { return }
        // Only a message that was taken takes its headers with it.
        unsafe rd_kafka_headers_destroy(headers)
        freePlaces.append(place)
        throw unsafe fatalError(of: handle) ?? KafkaError(code)
    }

    private mutating func place(_ message: Sent) -> Int {
        guard let place = freePlaces.popLast() else {
            unsafe sent.append(message)
            return unsafe sent.count - 1
        }
        unsafe sent[place] = message
        return place
    }

    /// Waits until everything was delivered, or given up, or the time is over; reports are still to be taken.
    package mutating func flush(milliseconds: Int) { unsafe rd_kafka_flush(handle, CInt(clamping: milliseconds)) }

    /// Messages that were taken and have no report yet, and events that were not taken yet.
    package var queuedCount: Int { unsafe Int(rd_kafka_outq_len(handle)) }

    // MARK: What came back

    /// Takes everything that has come.
    ///
    /// - Parameter reports: gets what became of messages, in the order in which it became known.
    /// - Returns: everything else.
    package mutating func take(_ reports: inout [DeliveryReport]) -> [ClientEvent] {
        reports.removeAll(keepingCapacity: true)
        var others: [ClientEvent] = []
        while let next = unsafe rd_kafka_queue_poll(queue, 0) {
            let event = unsafe QueueEvent(owning: next)
            if event.kind == RD_KAFKA_EVENT_DR {
                takeReports(event, &reports)
            } else if let other = unsafe event.common(handle) {
                others.append(other)
            }
        }
        return others
    }

    private mutating func takeReports(_ event: borrowing QueueEvent, _ reports: inout [DeliveryReport]) {
        while let message = unsafe rd_kafka_event_message_next(event.handle) {
            let code = unsafe message.pointee.err
            let error = code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(code)
            let place = unsafe Int(kafka_opaque(message))
            let known = unsafe sent[place]
            freePlaces.append(place)
            reports.append(DeliveryReport(tag: known.tag, error: error))
            if error == nil { unsafe keepHeaders(of: UnsafeMutablePointer(mutating: message), known) }
        }
    }

    private mutating func keepHeaders(of message: UnsafeMutablePointer<rd_kafka_message_t>, _ known: Sent) {
        let topic = Int(known.topic)
        if unsafe known.changing.isEmpty || spares[topic].count == Self.spareMax { return }
        var headers: OpaquePointer?
        guard unsafe rd_kafka_message_detach_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        guard let headers = unsafe headers else { return }
        unsafe spares[topic].append(Spare(headers: headers, changing: known.changing))
    }

    // MARK: For tests

    /// Turns the producer fatal, as a broker that contradicts itself does.
    package mutating func injectFatalError() {
        unsafe rd_kafka_test_fatal_error(handle, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "injected")
    }
}
