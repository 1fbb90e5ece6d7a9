import ArgumentParser
import Churn

/// `churn health`.
struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Ask a running service whether it is ready.",
        discussion: """
            Exits with 0 when it is; else one line says why not. Takes the host and port of `churn serve` from the same \
            environment: the health check of a container needs no other program.
            """)

    @Option(help: ArgumentHelp("Address or name of the service [CHURN_HOST] (default: 127.0.0.1).", valueName: "host"))
    var host: String?

    @Option(help: ArgumentHelp("Its port [CHURN_PORT] (default: 8080).", valueName: "port"))
    var port: Int?

    func run() throws {
        try Command.run { () throws(CommandError) in
            try Health.run(host: host, port: port, environment: .process)
            print("ready")
        }
    }
}
