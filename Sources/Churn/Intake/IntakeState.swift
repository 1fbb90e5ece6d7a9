import Bytes
import Kafka
import Metrics
import Synchronization

/// What an intake lets others know of itself: numbers for `/metrics`.
final class IntakeState: Sendable {
    let topic: String
    private let stored = Atomic(0)
    private let deadLettered = Atomic(0)
    private let stopped = Atomic(0)
    private let lags = Mutex<[(place: TopicPartition, messages: Int64)]>([])

    init(topic: String) { self.topic = topic }

    func count(stored: Int, deadLettered: Int) {
        self.stored.wrappingAdd(stored, ordering: .relaxed)
        self.deadLettered.wrappingAdd(deadLettered, ordering: .relaxed)
    }

    /// - Parameter stopped: partitions that wait for a person.
    func set(lags: [(TopicPartition, Int64)], stopped: Int) {
        let sorted = lags.sorted { ($0.0.topic, $0.0.partition) < ($1.0.topic, $1.0.partition) }
        self.lags.withLock { $0 = sorted.map { (place: $0.0, messages: $0.1) } }
        self.stopped.store(stopped, ordering: .relaxed)
    }

    /// Appends the metrics of all intakes as Prometheus text.
    static func write(_ intakes: [IntakeState], into body: inout ByteBuffer) {
        if intakes.isEmpty { return }
        body.append(metric: "churn_consumed_messages_total", "counter", "Messages taken in, by result.")
        for intake in intakes {
            intake.line("churn_consumed_messages_total", ",result=\"stored\"", load(intake.stored), &body)
            intake.line("churn_consumed_messages_total", ",result=\"dead-lettered\"", load(intake.deadLettered), &body)
        }
        body.append(metric: "churn_consumer_stopped_partitions", "gauge", "Partitions that wait for a person.")
        for intake in intakes { intake.line("churn_consumer_stopped_partitions", "", load(intake.stopped), &body) }
        body.append(
            metric: "churn_consumer_lag", "gauge", "Messages of a partition of this process that are not taken in.")
        for intake in intakes {
            for lag in intake.lags.withLock({ $0 }) {
                intake.line(
                    "churn_consumer_lag", ",partition=\"\(lag.place.partition)\"", Int(lag.messages), &body)
            }
        }
    }

    private static func load(_ value: borrowing Atomic<Int>) -> Int { value.load(ordering: .relaxed) }

    private func line(_ name: StaticString, _ labels: String, _ value: Int, _ body: inout ByteBuffer) {
        body.append(name)
        body.append("{topic=\"")
        body.append(text: topic)
        body.append(byte: 0x22)
        body.append(text: labels)
        body.append("} ")
        body.append(decimal: value)
        body.append(byte: 0x0A)
    }
}
