import CKafka

/// Why a call into Kafka failed, or a message was not taken.
///
/// Never holds a value of a message or of a setting: it may go to the log.
package struct KafkaError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The number of the error: positive ones come from a broker (Kafka protocol, "Error Codes"), negative ones from librdkafka.
    package let code: Int32
    /// Whether the client that met it is of no more use.
    package let isFatal: Bool
    package let description: String

    init(_ code: rd_kafka_resp_err_t, isFatal: Bool = false) {
        self.code = code.rawValue
        self.isFatal = isFatal || code == RD_KAFKA_RESP_ERR__FATAL
        description = unsafe "\(String(cString: rd_kafka_err2str(code))) (\(String(cString: rd_kafka_err2name(code))))"
    }

    /// A failure that librdkafka gives no number.
    init(_ description: String) {
        code = RD_KAFKA_RESP_ERR__FAIL.rawValue
        isFatal = false
        self.description = description
    }

    init(configuration name: String, _ reason: String) {
        code = RD_KAFKA_RESP_ERR__INVALID_ARG.rawValue
        isFatal = false
        description = "the Kafka setting \(name) \(reason)"
    }
}

/// What the caller wants to know.
extension KafkaError {
    /// Whether the record itself is refused, whatever else is sent with it: it is too large, or not a valid record.
    package var isRefusedRecord: Bool {
        has(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) || has(RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE)
            || has(RD_KAFKA_RESP_ERR_INVALID_RECORD) || has(RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP)
    }

    /// Whether the same call may succeed later, with nothing changed here.
    package var isRetriable: Bool { !isFatal && !isRefusedRecord && code != RD_KAFKA_RESP_ERR__INVALID_ARG.rawValue }

    /// Whether there is no room for another message until some have been delivered.
    package var isQueueFull: Bool { has(RD_KAFKA_RESP_ERR__QUEUE_FULL) }

    /// Whether the message was given up by this program itself.
    package var isPurged: Bool { has(RD_KAFKA_RESP_ERR__PURGE_QUEUE) || has(RD_KAFKA_RESP_ERR__PURGE_INFLIGHT) }

    /// Whether no broker is connected at this moment.
    package var isEveryBrokerDown: Bool { has(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) }

    /// Whether a place in a partition, or the partition itself, is not there any more.
    package var isPlaceGone: Bool {
        has(RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) || has(RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
            || has(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) || has(RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
            || has(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC)
    }

    /// Whether one side does not take the other for whom it says it is: certificates, names, passwords.
    package var isMistrust: Bool { has(RD_KAFKA_RESP_ERR__SSL) || has(RD_KAFKA_RESP_ERR__AUTHENTICATION) }

    private func has(_ other: rd_kafka_resp_err_t) -> Bool { code == other.rawValue }
}
