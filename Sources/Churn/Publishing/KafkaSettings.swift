/// Where Kafka is and how it is spoken to, from the environment; nothing of it runs without brokers.
package struct KafkaSettings: Sendable {
    /// The topics of the service.
    package struct Topics: Sendable {
        package var predictions = "churn.predictions"
        package var alerts = "churn.alerts"
        package var deadLetters = "churn.dead-letter"
        /// Nil: no requests are taken in.
        package var requests: String?
        /// Nil: no events of customers are taken in.
        package var events: String?
    }

    /// What librdkafka is told, weakest first.
    package let client: [(name: String, value: String)]
    package let topics: Topics
    /// The group among whose members the partitions of what is read are shared out.
    package let group: String

    /// The variables that stand for one setting each.
    private static let variables: [(variable: String, setting: String)] = [
        ("KAFKA_SECURITY_PROTOCOL", "security.protocol"), ("KAFKA_SASL_MECHANISM", "sasl.mechanism"),
        ("KAFKA_SASL_USERNAME", "sasl.username"), ("KAFKA_SASL_PASSWORD", "sasl.password"),
        ("KAFKA_SSL_CA_LOCATION", "ssl.ca.location"),
    ]
    /// The rest of the name is a setting of librdkafka: `KAFKA_CONFIG_linger_ms`, or `KAFKA_CONFIG_linger.ms`.
    private static let prefix = "KAFKA_CONFIG_"
    /// What the promises rest on, and nobody may change.
    private static let fixed = ["enable.idempotence", "acks", "message.timeout.ms", "partitioner", "log.queue"]

    /// Nil where no brokers are named.
    ///
    /// - Parameter brokers: `host:port,…`; stronger than the environment, like the names of topics.
    package init?(
        brokers: String?, predictions: String?, alerts: String?, deadLetters: String?, requests: String?,
        events: String?, group: String?, environment: Environment
    ) throws(CommandError) {
        guard let brokers = brokers ?? environment["KAFKA_BROKERS"] else { return nil }
        var client = [(name: "bootstrap.servers", value: brokers), (name: "client.id", value: "churn")]
        for (variable, setting) in Self.variables {
            if let value = environment[variable] { client.append((setting, value)) }
        }
        for (variable, value) in environment.all(withPrefix: Self.prefix) {
            let setting = variable.dropFirst(Self.prefix.count).lowercased().replacing("_", with: ".")
            guard !Self.fixed.contains(setting) else {
                throw CommandError(.configuration, "\(variable): \(setting) is not for choosing")
            }
            client.append((setting, value))
        }
        self.client = client
        var topics = Topics()
        topics.predictions = predictions ?? environment["KAFKA_TOPIC_PREDICTIONS"] ?? topics.predictions
        topics.alerts = alerts ?? environment["KAFKA_TOPIC_ALERTS"] ?? topics.alerts
        topics.deadLetters = deadLetters ?? environment["KAFKA_TOPIC_DEAD_LETTER"] ?? topics.deadLetters
        topics.requests = requests ?? environment["KAFKA_TOPIC_REQUESTS"]
        topics.events = events ?? environment["KAFKA_TOPIC_EVENTS"]
        self.topics = topics
        self.group = group ?? environment["KAFKA_GROUP"] ?? "churn"
    }
}
