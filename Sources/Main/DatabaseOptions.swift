import ArgumentParser
import Churn

/// Which database a command works on: the same for all of them.
struct DatabaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "PostgreSQL, as postgres://user@host/name or key=value pairs [DATABASE_URL] (default: a private server).",
            valueName: "url"))
    var databaseUrl: String?

    @Option(
        help: ArgumentHelp(
            "Folder of the private PostgreSQL [CHURN_DATA] (default: .churn, for root /var/lib/churn).",
            valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("How long to wait while another command is at work.", valueName: "time"))
    var lockTimeout = "60s"

    func options(_ report: ReportOptions) throws(CommandError) -> CommandOptions {
        try CommandOptions(
            databaseURL: databaseUrl, data: data, lockTimeout: lockTimeout, quiet: report.quiet, environment: .process)
    }
}
