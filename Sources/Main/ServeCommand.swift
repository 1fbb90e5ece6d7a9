import ArgumentParser
import Churn

/// `churn serve`.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer predictions over HTTP and keep them in PostgreSQL.",
        discussion: """
            Every option can also be given by the environment variable in brackets; the option wins.

            Stops on SIGTERM or Ctrl-C: it takes no new connections, finishes what is in flight and exits with 0 \
            within 30 seconds. A second signal ends it at once, which loses nothing that was answered.

            With --keys, or keys in CHURN_KEYS, callers send `Authorization: Bearer KEY`; `churn keys create` makes one. \
            SIGHUP reads the file again without losing a request; a file that is no good changes nothing, and the log \
            says why. Without a file SIGHUP does nothing.
            """)

    @Option(help: ArgumentHelp("Address or name to listen on [CHURN_HOST] (default: 127.0.0.1).", valueName: "host"))
    var host: String?

    @Option(help: ArgumentHelp("Port; 0 takes a free one and logs it [CHURN_PORT] (default: 8080).", valueName: "port"))
    var port: Int?

    @Option(
        help: ArgumentHelp(
            "Port of a listener for /metrics and /health alone, which asks for no key; /metrics is nowhere else then "
                + "[CHURN_ADMIN_PORT] (default: none).",
            valueName: "port"))
    var adminPort: Int?

    @Option(
        help: ArgumentHelp("Address of that listener [CHURN_ADMIN_HOST] (default: 127.0.0.1).", valueName: "host"))
    var adminHost: String?

    @Option(help: ArgumentHelp("Worker threads, 1 to 64 [CHURN_WORKERS] (default: one a core).", valueName: "n"))
    var workers: Int?

    @Option(
        help: ArgumentHelp(
            "PostgreSQL, as postgres://user@host/name or key=value pairs [DATABASE_URL] (default: a private server).",
            valueName: "url"))
    var databaseUrl: String?

    @Option(
        help: ArgumentHelp(
            "Model file to serve, whatever the database says [CHURN_MODEL] (default: the champion, else Models/).",
            valueName: "file"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Folder of the private PostgreSQL [CHURN_DATA] (default: .churn, for root /var/lib/churn).",
            valueName: "folder"))
    var data: String?

    @OptionGroup(title: "Kafka")
    var kafka: KafkaOptions

    @Option(
        help: ArgumentHelp(
            "Keys that callers need, as `churn keys` keeps them [CHURN_KEYS_FILE] (default: none are asked for).",
            valueName: "file"))
    var keys: String?

    @Flag(
        help: ArgumentHelp(
            "Listen where other machines reach it, though there are no keys [CHURN_ALLOW_ANONYMOUS=true]."))
    var allowAnonymous = false

    func run() throws {
        try Command.run { () throws(CommandError) in
            let configuration = try ServeConfiguration(
                host: host, port: port, workers: workers, databaseURL: databaseUrl, model: model, data: data,
                allowsAnonymous: allowAnonymous, keys: keys, adminHost: adminHost, adminPort: adminPort,
                kafka: try kafka.settings(), environment: .process)
            try Serve.run(configuration)
        }
    }
}
