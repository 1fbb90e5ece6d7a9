import Bytes
import Linux
import Logging
import Synchronization

/// Lines of librdkafka's log: all are counted, and of those that come again and again one a minute is written.
///
/// While a broker is away its warnings repeat with every attempt; the first one says it all.
final class ClientLog: Sendable {
    private static let pauseNanoseconds = 60_000_000_000
    /// By level of syslog, 0 the worst.
    private static let levels: [Logger.Level] = [
        .critical, .critical, .critical, .error, .warning, .notice, .info, .debug,
    ]

    private let counts = InlineArray<8, Atomic<Int>> { _ in Atomic(0) }
    /// When a line of a facility was written last; facilities are few, and their names librdkafka's.
    private let written = Mutex<[String: Int]>([:])

    func take(_ level: Int, _ facility: String, _ text: String, _ log: Logger) {
        let level = min(max(level, 0), 7)
        counts[level].wrappingAdd(1, ordering: .relaxed)
        guard isDue(facility) else { return }
        log.log(level: Self.levels[level], "librdkafka: \(text)", metadata: ["facility": "\(facility)"])
    }

    private func isDue(_ facility: String) -> Bool {
        let now = Clock.monotonicNanoseconds()
        return written.withLock { written in
            if let last = written[facility], now - last < Self.pauseNanoseconds { return false }
            written[facility] = now
            return true
        }
    }

    /// Appends the metric as Prometheus text.
    func write(into body: inout ByteBuffer) {
        body.append("# HELP churn_kafka_log_lines_total Lines that librdkafka logged, by level of syslog.\n")
        body.append("# TYPE churn_kafka_log_lines_total counter\n")
        for level in 0..<8 {
            body.append("churn_kafka_log_lines_total{level=\"")
            body.append(decimal: level)
            body.append("\"} ")
            body.append(decimal: counts[level].load(ordering: .relaxed))
            body.append(byte: 0x0A)
        }
    }
}
