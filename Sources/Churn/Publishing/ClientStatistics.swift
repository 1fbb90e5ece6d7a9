import JSON

/// The few of librdkafka's numbers that are shown (its STATISTICS.md).
struct ClientStatistics: Sendable {
    var queueMessages = 0.0
    var queueBytes = 0.0
    /// The 99th percentile of the broker that is slowest by it.
    var roundTripSeconds = 0.0

    init() {}

    /// Nil for what is no such report.
    init?(_ json: [UInt8]) {
        guard let report = try? JSONValue(parsing: json.span) else { return nil }
        queueMessages = report["msg_cnt"]?.number ?? 0
        queueBytes = report["msg_size"]?.number ?? 0
        let slowest = report["brokers"]?.members?.compactMap { $0.value["rtt"]?["p99"]?.number }.max()
        roundTripSeconds = (slowest ?? 0) / 1e6
    }
}
