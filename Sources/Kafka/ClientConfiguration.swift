import CKafka

/// The settings of a client, until one is made of them.
///
/// The names are those of librdkafka (its CONFIGURATION.md).
@safe
package struct ClientConfiguration: ~Copyable {
    private let handle: OpaquePointer

    package init() {
        guard let handle = unsafe rd_kafka_conf_new() else { preconditionFailure("rd_kafka_conf_new gave nothing") }
        unsafe self.handle = unsafe handle
    }

    deinit { unsafe rd_kafka_conf_destroy(handle) }

    /// Sets one value; the last one set counts.
    ///
    /// - Throws: the name of a setting that is not known or does not take the value, and never the value.
    package mutating func set(_ name: String, _ value: String) throws(KafkaError) {
        var text = [CChar](repeating: 0, count: 512)
        switch unsafe rd_kafka_conf_set(handle, name, value, &text, text.count) {
        case RD_KAFKA_CONF_OK: return
        case RD_KAFKA_CONF_UNKNOWN: throw KafkaError(configuration: name, "is not known to librdkafka")
        default: throw KafkaError(configuration: name, "does not take the value it was given")
        }
    }

    /// Sets several values, in order.
    package mutating func set(_ settings: [(name: String, value: String)]) throws(KafkaError) {
        for setting in settings { try set(setting.name, setting.value) }
    }

    /// What callbacks are given.
    mutating func setOpaque(_ opaque: UnsafeMutableRawPointer) { unsafe rd_kafka_conf_set_opaque(handle, opaque) }

    /// What is called, by a poll of a consumer, when its partitions change.
    mutating func setRebalance(
        _ callback:
            @escaping @convention(c) (
                OpaquePointer?, rd_kafka_resp_err_t, UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?,
                UnsafeMutableRawPointer?
            ) -> Void
    ) { unsafe rd_kafka_conf_set_rebalance_cb(handle, callback) }

    /// Makes a client whose events, log lines included, all come through its queue.
    ///
    /// librdkafka would otherwise print its log to standard error.
    /// - Parameter events: which kinds are wanted besides errors and log lines.
    consuming func makeClient(_ kind: rd_kafka_type_t, events: CInt) throws(KafkaError) -> OpaquePointer {
        do throws(KafkaError) {
            try set("log.queue", "true")
        } catch {
            _ = consume self
            throw error
        }
        unsafe rd_kafka_conf_set_events(handle, events | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG)
        var text = [CChar](repeating: 0, count: 512)
        guard let client = unsafe rd_kafka_new(kind, handle, &text, text.count) else {
            // The settings contradict one another; librdkafka's sentence names them, and no values of ours.
            let end = text.firstIndex(of: 0) ?? text.count
            let reason = String(decoding: text[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            _ = consume self
            throw KafkaError("no Kafka client can be made of these settings: \(reason)")
        }
        // The client owns the settings now.
        discard self
        unsafe rd_kafka_set_log_queue(client, nil)
        return unsafe client
    }
}
