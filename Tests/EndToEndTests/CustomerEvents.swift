import TestSupport
import Testing

/// A message of `churn.events`.
func event(
    _ customer: String, at time: String = "2026-01-05T10:00:00Z", kind: String = "purchase", more: String = ""
) -> String {
    #"{"customer_id":"\#(customer)","occurred_at":"\#(time)","kind":"\#(kind)"\#(more)}"#
}

/// Brokers, a database and processes that take in from one to the other.
struct IntakeStand {
    static let topics = [
        "churn.predictions:4", "churn.dead-letter:1", "churn.alerts:1", "churn.requests:3", "churn.events:3",
    ]

    let psql: Psql
    let kafka: MockKafka

    init(psql: Psql? = nil, kafka: MockKafka? = nil) throws {
        self.psql = try psql ?? Psql(try TemporaryPostgres.shared.makeDatabase())
        self.kafka = try kafka ?? MockKafka(topics: Self.topics)
    }

    /// Starts `churn consume`, and waits until it is ready, which takes no Kafka.
    func start(
        _ verb: String = "consume", topics: [String] = ["REQUESTS", "EVENTS"], environment more: [String: String] = [:]
    ) throws -> ServiceProcess {
        var environment = [
            "KAFKA_BROKERS": kafka.brokers, "KAFKA_CONFIG_session_timeout_ms": "6000",
            "KAFKA_CONFIG_heartbeat_interval_ms": "300", "KAFKA_CONFIG_reconnect_backoff_max_ms": "500",
        ]
        for topic in topics { environment["KAFKA_TOPIC_\(topic)"] = "churn.\(topic.lowercased())" }
        environment.merge(more) { $1 }
        let process = try ServiceProcess(
            databaseURL: psql.connection, workers: 1, environment: environment, verb: verb)
        try process.waitUntilReady()
        return process
    }

    func feed(events: [String]) throws {
        try kafka.feed(events.map { ($0, event($0)) }, to: "churn.events")
    }

    func feed(requests: [String]) throws {
        try kafka.feed(requests.map { ($0, customer($0)) }, to: "churn.requests")
    }

    /// Waits until each customer has a row, and looks that none has two.
    func expectOnce(
        _ customers: [String], in table: String, within seconds: Double = 30,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let goal = "\(customers.count)"
        do {
            try eventually("a row for each of \(goal) in \(table)", within: seconds) {
                try psql.value("SELECT count(DISTINCT customer_id) FROM \(table)") == goal
            }
        } catch {
            let stored = Set(try psql.rows("SELECT customer_id FROM \(table)"))
            let missing = customers.filter { !stored.contains($0) }
            Issue.record("\(missing.count) missing, such as \(missing.prefix(3))", sourceLocation: sourceLocation)
        }
        #expect(try psql.value("SELECT count(*) FROM \(table)") == goal, sourceLocation: sourceLocation)
        let stored = Set(try psql.rows("SELECT customer_id FROM \(table)"))
        #expect(stored == Set(customers), sourceLocation: sourceLocation)
    }

    /// The value of a metric, by its name and labels; nil where it is not shown.
    func metric(_ name: String, _ process: ServiceProcess) throws -> Double? {
        let text = try process.client().get("/metrics").text
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return line?.split(separator: " ").last.flatMap { Double($0) }
    }

    func reset(_ topic: String) throws -> CommandResult {
        try runCommand(
            [churnBinary(), "consume", "--reset", topic], environment: ["DATABASE_URL": psql.connection], within: 30)
    }
}

func names(_ prefix: String, _ count: Int) -> [String] { (0..<count).map { "\(prefix)-\($0)" } }
