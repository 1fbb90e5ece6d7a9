import Bytes
import Kafka
import Metrics
import Synchronization

/// What the publisher lets others know of itself: numbers for `/metrics`.
///
/// The publisher writes, everybody reads.
final class PublishingState: Sendable {
    /// What became of an event, as the label `result` has it.
    enum Result: Int, CaseIterable {
        /// Acknowledged by Kafka.
        case sent
        /// Given to Kafka once more, because nobody knew whether it had come.
        case retried
        case deadLettered

        var label: StaticString {
            switch self {
            case .sent: "sent"
            case .retried: "retried"
            case .deadLettered: "dead-lettered"
            }
        }
    }

    let clientLog: ClientLog
    private let results = InlineArray<3, Atomic<Int>> { _ in Atomic(0) }
    private let alerts = Atomic(0)
    private let restarts = Atomic(0)
    private let lagRows = Atomic(0)
    /// When the oldest row that is not acknowledged was made, in microseconds since 1970; 0 when there is none.
    private let oldest = Atomic(0)
    private let away = Atomic(true)
    private let statistics = Mutex(ClientStatistics())

    init(_ clientLog: ClientLog) { self.clientLog = clientLog }

    func count(_ result: Result, by amount: Int = 1) {
        results[result.rawValue].wrappingAdd(amount, ordering: .relaxed)
    }

    func countAlert() { alerts.wrappingAdd(1, ordering: .relaxed) }
    func countRestart() { restarts.wrappingAdd(1, ordering: .relaxed) }

    func setLag(rows: Int, oldest microseconds: Int) {
        lagRows.store(rows, ordering: .relaxed)
        oldest.store(microseconds, ordering: .relaxed)
    }

    /// Whether no broker is known to answer.
    var isAway: Bool {
        get { away.load(ordering: .relaxed) }
        set { away.store(newValue, ordering: .relaxed) }
    }

    func setStatistics(_ new: ClientStatistics) { statistics.withLock { $0 = new } }

    /// Appends the metrics as Prometheus text.
    func write(into body: inout ByteBuffer, now microseconds: Int) {
        body.append("# HELP churn_events_total Events by result.\n# TYPE churn_events_total counter\n")
        for result in Result.allCases {
            body.append("churn_events_total{result=\"")
            body.append(result.label)
            body.append("\"} ")
            body.append(decimal: results[result.rawValue].load(ordering: .relaxed))
            body.append(byte: 0x0A)
        }
        let oldest = oldest.load(ordering: .relaxed)
        let statistics = statistics.withLock { $0 }
        Self.write("churn_alerts_total", "counter", "Alerts that were given to Kafka.", Double(load(alerts)), &body)
        Self.write(
            "churn_kafka_up", "gauge", "1 while a broker is known to answer.", isAway ? 0 : 1, &body)
        Self.write(
            "churn_publish_lag_rows", "gauge", "Committed rows that Kafka has not acknowledged.",
            Double(load(lagRows)), &body)
        Self.write(
            "churn_publish_lag_seconds", "gauge", "Age of the oldest of them.",
            oldest == 0 ? 0 : max(Double(microseconds - oldest) / 1e6, 0), &body)
        Self.write(
            "churn_kafka_producer_restarts_total", "counter", "Producers that a fatal error ended.",
            Double(load(restarts)), &body)
        Self.write(
            "churn_kafka_queue_messages", "gauge", "Messages in librdkafka's queues.", statistics.queueMessages, &body)
        Self.write(
            "churn_kafka_queue_bytes", "gauge", "Bytes in librdkafka's queues.", statistics.queueBytes, &body)
        Self.write(
            "churn_kafka_round_trip_seconds", "gauge", "99th percentile of the slowest broker's answers.",
            statistics.roundTripSeconds, &body)
        clientLog.write(into: &body)
    }

    private func load(_ value: borrowing Atomic<Int>) -> Int { value.load(ordering: .relaxed) }

    private static func write(
        _ name: StaticString, _ type: StaticString, _ help: StaticString, _ value: Double, _ body: inout ByteBuffer
    ) {
        body.append(metric: name, type, help)
        body.append(name)
        body.append(byte: 0x20)
        body.append(shortest: value)
        body.append(byte: 0x0A)
    }
}
