import Bytes
import Synchronization

/// What the intake lets others know of itself: numbers for `/metrics`.
final class IntakeState: Sendable {
    private let stored = Atomic(0)
    private let deadLettered = Atomic(0)
    private let stopped = Atomic(0)

    func count(stored: Int, deadLettered: Int) {
        self.stored.wrappingAdd(stored, ordering: .relaxed)
        self.deadLettered.wrappingAdd(deadLettered, ordering: .relaxed)
    }

    func countStopped() { stopped.wrappingAdd(1, ordering: .relaxed) }

    /// Appends the metrics as Prometheus text.
    func write(into body: inout ByteBuffer) {
        body.append("# HELP churn_consumed_messages_total Messages taken in, by result.\n")
        body.append("# TYPE churn_consumed_messages_total counter\nchurn_consumed_messages_total{result=\"stored\"} ")
        body.append(decimal: stored.load(ordering: .relaxed))
        body.append("\nchurn_consumed_messages_total{result=\"dead-lettered\"} ")
        body.append(decimal: deadLettered.load(ordering: .relaxed))
        body.append("\n# HELP churn_consumed_partitions_stopped_total Partitions that wait for a person.\n")
        body.append("# TYPE churn_consumed_partitions_stopped_total counter\nchurn_consumed_partitions_stopped_total ")
        body.append(decimal: stopped.load(ordering: .relaxed))
        body.append(byte: 0x0A)
    }
}
