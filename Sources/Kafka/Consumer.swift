import CKafka

/// A client that reads topics as a member of a group, among whose members their partitions are shared out.
///
/// Where to begin in a partition is for its owner to say, by `assign`. Nothing is committed unless it is told. For one
/// thread, which has to poll again and again to stay a member.
@safe
package struct Consumer: ~Copyable, Sendable {
    private nonisolated(unsafe) let handle: OpaquePointer
    private nonisolated(unsafe) let queue: OpaquePointer
    private let rebalance: Rebalance

    /// What a poll gave.
    package enum Event: ~Copyable {
        case message(ConsumedMessage)
        /// These partitions are this member's: say where to begin, by `assign`.
        case assigned([TopicPartition])
        /// They are not any more: let go of them by `unassign`. Where `isLost`, somebody else may have them already.
        case revoked(isLost: Bool)
        /// Something is wrong: with one partition, where that is known.
        case error(KafkaError, TopicPartition?)
        /// A line of librdkafka's log; levels are those of syslog, 0 the worst.
        case log(level: Int, facility: String, text: String)
    }

    private static let fixed: [(name: String, value: String)] = [
        ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"), ("enable.partition.eof", "false"),
        ("partition.assignment.strategy", "range,roundrobin"),
        // A place that is no more is for the owner to judge: by itself librdkafka would begin somewhere else.
        ("auto.offset.reset", "error"),
    ]

    private static let defaults: [(name: String, value: String)] = [
        ("queued.max.messages.kbytes", "16384"), ("fetch.wait.max.ms", "100"),
        ("socket.keepalive.enable", "true"), ("reconnect.backoff.max.ms", "2000"),
        ("topic.metadata.refresh.interval.ms", "10000"),
    ]

    /// - Parameter settings: stronger than the defaults, weaker than what is fixed.
    package init(group: String, topics: [String], _ settings: [(name: String, value: String)]) throws(KafkaError) {
        let rebalance = Rebalance()
        let handle = unsafe try Self.make(group, topics, settings, rebalance)
        self.rebalance = rebalance
        unsafe self.handle = unsafe handle
        unsafe queue = unsafe rd_kafka_queue_get_main(handle)
    }

    private static func make(
        _ group: String, _ topics: [String], _ settings: [(name: String, value: String)], _ rebalance: Rebalance
    ) throws(KafkaError) -> OpaquePointer {
        var configuration = ClientConfiguration()
        try configuration.set(defaults)
        try configuration.set(settings)
        try configuration.set(fixed)
        try configuration.set("group.id", group)
        configuration.onRebalance(rebalance)
        let handle = unsafe try configuration.makeClient(RD_KAFKA_CONSUMER, events: RD_KAFKA_EVENT_NONE)
        let list = PartitionList(topics.map { (TopicPartition(topic: $0, partition: -1), offset: 0) })
        let code = unsafe rd_kafka_subscribe(handle, list.handle)
        if code == RD_KAFKA_RESP_ERR_NO_ERROR { return unsafe handle }
        unsafe rd_kafka_destroy(handle)
        throw KafkaError(code)
    }

    /// Leaves the group; what was not committed is somebody else's.
    deinit {
        rebalance.isClosing = true
        unsafe rd_kafka_consumer_close(handle)
        unsafe rd_kafka_queue_destroy(queue)
        unsafe rd_kafka_destroy(handle)
    }

    // MARK: Reading

    /// Waits for the next thing; nil when nothing came in time.
    ///
    /// The C function is `rd_kafka_consumer_poll`, the one that counts as a sign of life.
    package mutating func poll(milliseconds: Int) -> Event? {
        if let event = takeRebalance() { return event }
        if let event = takeEvent() { return event }
        guard let message = unsafe rd_kafka_consumer_poll(handle, CInt(milliseconds)) else { return takeRebalance() }
        let code = unsafe message.pointee.err
        if code == RD_KAFKA_RESP_ERR_NO_ERROR { return .message(unsafe ConsumedMessage(owning: message)) }
        defer { unsafe rd_kafka_message_destroy(message) }
        return .error(unsafe fatalError(of: handle) ?? KafkaError(code), unsafe TopicPartition(of: message))
    }

    private func takeRebalance() -> Event? {
        switch rebalance.take() {
        case .none: nil
        case .assigned(let places): .assigned(places)
        case .revoked: .revoked(isLost: unsafe rd_kafka_assignment_lost(handle) == 1)
        }
    }

    /// What the client itself has to say.
    private func takeEvent() -> Event? {
        while let next = unsafe rd_kafka_queue_poll(queue, 0) {
            let event = unsafe QueueEvent(owning: next)
            switch unsafe event.common(handle) {
            case .error(let error): return .error(error, nil)
            case .log(let level, let facility, let text): return .log(level: level, facility: facility, text: text)
            case .statistics, nil: continue
            }
        }
        return nil
    }

    // MARK: Partitions

    /// Begins to read these partitions, each at its offset.
    ///
    /// They must not be paused or resumed right after: librdkafka numbers what it is told about a partition before it queues
    /// it, and drops what comes behind a later number. Lost that way, a beginning is never made up for.
    package mutating func assign(_ places: [(TopicPartition, offset: Int64)]) {
        let list = PartitionList(places)
        unsafe rd_kafka_assign(handle, list.handle)
    }

    package mutating func unassign() { unsafe rd_kafka_assign(handle, nil) }

    /// Lets no more messages of these partitions come until `resume`; polling goes on.
    package mutating func pause(_ places: [TopicPartition]) {
        let list = PartitionList(places.map { ($0, offset: 0) })
        unsafe rd_kafka_pause_partitions(handle, list.handle)
    }

    package mutating func resume(_ places: [TopicPartition]) {
        let list = PartitionList(places.map { ($0, offset: 0) })
        unsafe rd_kafka_resume_partitions(handle, list.handle)
    }

    /// Goes to another place of a partition that is assigned.
    package mutating func seek(_ place: TopicPartition, to offset: Int64) throws(KafkaError) {
        let list = PartitionList([(place, offset: offset)])
        guard let error = unsafe rd_kafka_seek_partitions(handle, list.handle, 5000) else { return }
        let code = unsafe rd_kafka_error_code(error)
        unsafe rd_kafka_error_destroy(error)
        throw KafkaError(code)
    }

    /// Lets the group know how far this member has come.
    ///
    /// - Parameter waits: until the group knows it; otherwise for those who look at lags.
    package mutating func commit(_ place: TopicPartition, next offset: Int64, waits: Bool) throws(KafkaError) {
        let list = PartitionList([(place, offset: offset)])
        let code = unsafe rd_kafka_commit(handle, list.handle, waits ? 0 : 1)
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(code) }
    }

    /// How far the group says that it has come; nil where it says nothing.
    package mutating func committed(_ place: TopicPartition) throws(KafkaError) -> Int64? {
        let list = PartitionList([(place, offset: -1001)])
        let code = unsafe rd_kafka_committed(handle, list.handle, 5000)
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(code) }
        return list.first < 0 ? nil : list.first
    }

    /// The offset behind the last message, as the last fetch had it; nil before the first one.
    ///
    /// Asks no broker.
    package func knownEnd(_ place: TopicPartition) -> Int64? {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = unsafe rd_kafka_get_watermark_offsets(handle, place.topic, place.partition, &low, &high)
        return code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
    }

    /// The first offset of a partition, and the one behind its last.
    package mutating func bounds(_ place: TopicPartition) throws(KafkaError) -> Range<Int64> {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = unsafe rd_kafka_query_watermark_offsets(
            handle, place.topic, place.partition, &low, &high, 5000)
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(code) }
        return low..<max(low, high)
    }
}
