import ArgumentParser
import Churn

/// Where Kafka is, and which topics the service uses.
struct KafkaOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Kafka, as host:port,… [KAFKA_BROKERS] (default: none, nothing is published).", valueName: "brokers"))
    var kafkaBrokers: String?

    @Option(
        help: ArgumentHelp(
            "Topic of the predictions [KAFKA_TOPIC_PREDICTIONS] (default: churn.predictions).", valueName: "topic"))
    var topicPredictions: String?

    @Option(
        help: ArgumentHelp("Topic of the alerts [KAFKA_TOPIC_ALERTS] (default: churn.alerts).", valueName: "topic"))
    var topicAlerts: String?

    @Option(
        help: ArgumentHelp(
            "Topic of what Kafka or the service refuses [KAFKA_TOPIC_DEAD_LETTER] (default: churn.dead-letter).",
            valueName: "topic"))
    var topicDeadLetter: String?

    @Option(
        help: ArgumentHelp(
            "Topic of requests to take in, such as churn.requests [KAFKA_TOPIC_REQUESTS] (default: none).",
            valueName: "topic"))
    var topicRequests: String?

    @Option(
        help: ArgumentHelp(
            "Topic of what customers did, such as churn.events [KAFKA_TOPIC_EVENTS] (default: none).",
            valueName: "topic"))
    var topicEvents: String?

    @Option(
        help: ArgumentHelp("Group of those who take them in [KAFKA_GROUP] (default: churn).", valueName: "group"))
    var kafkaGroup: String?

    func settings() throws(CommandError) -> KafkaSettings? {
        try KafkaSettings(
            brokers: kafkaBrokers, predictions: topicPredictions, alerts: topicAlerts, deadLetters: topicDeadLetter,
            requests: topicRequests, events: topicEvents, group: kafkaGroup, environment: .process)
    }
}
