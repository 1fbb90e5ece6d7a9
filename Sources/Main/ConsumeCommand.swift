import ArgumentParser
import Churn

/// `churn consume`.
struct ConsumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consume",
        abstract: "Take in requests and events of customers from Kafka.",
        discussion: """
            `churn serve` does so, too, where topics are named; this command does nothing else. Start as many as the topics \
            have partitions: a group shares them out. A message counts once, whoever reads it how often.

            Every option can also be given by the environment variable in brackets; the option wins. Stops on SIGTERM or \
            Ctrl-C when the batch under way is stored, with 0 within 30 seconds.

              churn consume --kafka-brokers kafka:9092 --topic-requests churn.requests --topic-events churn.events
              churn consume --reset churn.events
            """)

    @Option(
        help: ArgumentHelp(
            "Read TOPIC from its beginning, since it was deleted and made anew. Says so to those who read it, and ends.",
            valueName: "topic"))
    var reset: String?

    @Option(
        help: ArgumentHelp(
            "Address for /metrics and /health/ready [CHURN_HOST] (default: 127.0.0.1).", valueName: "host"))
    var host: String?

    @Option(
        help: ArgumentHelp(
            "Their port; 0 takes a free one and logs it [CHURN_PORT] (default: 8090).", valueName: "port"))
    var port: Int?

    @Option(
        help: ArgumentHelp(
            "Model file to score with [CHURN_MODEL] (default: the champion, else Models/).", valueName: "file"))
    var model: String?

    @OptionGroup(title: "Kafka") var kafka: KafkaOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        if let reset {
            return try Command.run("consume --reset", report) { () throws(CommandError) in
                try Consume.reset(reset, try database.options(report))
            }
        }
        try Command.run { () throws(CommandError) in
            let configuration = try ServeConfiguration(
                role: .consume, host: host, port: port, workers: nil, databaseURL: database.databaseUrl, model: model,
                data: database.data, allowsAnonymous: false, kafka: try kafka.settings(), environment: .process)
            try Serve.run(configuration)
        }
    }
}
