import CKafka

/// What a client has to say besides what it was asked.
package enum ClientEvent: Sendable {
    /// Something is wrong with the client or its connections; librdkafka goes on by itself unless it is fatal.
    case error(KafkaError)
    /// Numbers of the client, as librdkafka's STATISTICS.md describes their JSON.
    case statistics([UInt8])
    /// A line of librdkafka's log; levels are those of syslog, 0 the worst.
    case log(level: Int, facility: String, text: String)
}

/// One event taken from a client's queue.
@safe
struct QueueEvent: ~Copyable {
    let handle: OpaquePointer

    init(owning handle: OpaquePointer) { unsafe self.handle = unsafe handle }

    deinit { unsafe rd_kafka_event_destroy(handle) }

    var kind: CInt { unsafe rd_kafka_event_type(handle) }

    /// The event, where it is one of those that every client has.
    ///
    /// - Parameter client: the client that it came from, which knows whether an error was its end.
    func common(_ client: OpaquePointer) -> ClientEvent? {
        switch kind {
        case RD_KAFKA_EVENT_ERROR:
            let code = unsafe rd_kafka_event_error(handle)
            if code == RD_KAFKA_RESP_ERR__FATAL, let fatal = unsafe fatalError(of: client) { return .error(fatal) }
            return .error(KafkaError(code))
        case RD_KAFKA_EVENT_STATS:
            guard let text = unsafe rd_kafka_event_stats(handle) else { return nil }
            return .statistics(unsafe Array(String(cString: text).utf8))
        case RD_KAFKA_EVENT_LOG:
            var facility: UnsafePointer<CChar>?
            var text: UnsafePointer<CChar>?
            var level: CInt = 0
            guard unsafe rd_kafka_event_log(handle, &facility, &text, &level) == 0 else { return nil }
            guard let facility = unsafe facility, let text = unsafe text else { return nil }
            return .log(
                level: Int(level), facility: unsafe String(cString: facility), text: unsafe String(cString: text))
        default: return nil
        }
    }
}

/// Why a client came to its end; nil while it has not.
func fatalError(of client: OpaquePointer) -> KafkaError? {
    let code = unsafe rd_kafka_fatal_error(client, nil, 0)
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(code, isFatal: true)
}
