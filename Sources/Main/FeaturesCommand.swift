import ArgumentParser
import Churn

/// `churn features`.
struct FeaturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "features",
        abstract: "Work out what was known of each customer at some dates, and who left after them.",
        discussion: """
            Features count events before a date, the label those in the horizon from it on: a customer without any has \
            left. As long as the horizon has not passed, it is not known who left. Each run also labels the earlier \
            dates of the same definition whose horizon has passed since, or that got late events.

              churn features --from 2025-03-01 --to 2026-10-22 --every 30d
              churn features --as-of 2026-11-22
            """)

    @Option(help: ArgumentHelp("The date to look back from: midnight UTC.", valueName: "date"))
    var asOf: String?

    @Option(help: ArgumentHelp("The first of several dates.", valueName: "date"))
    var from: String?

    @Option(help: ArgumentHelp("The date behind which there are none.", valueName: "date"))
    var to: String?

    @Option(help: ArgumentHelp("How far apart the dates are.", valueName: "days"))
    var every = "30d"

    @OptionGroup var definition: DefinitionOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        try Command.run("features", report) { () throws(CommandError) in
            let request = try FeaturesRequest(
                asOf: asOf, from: from, to: to, every: every, window: definition.window, horizon: definition.horizon,
                active: definition.active)
            return try Features.run(request, try database.options(report))
        }
    }
}

/// What snapshots look at.
struct DefinitionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Features look back so far.", valueName: "days"))
    var window = "90d"

    @Option(help: ArgumentHelp("Who does nothing for so long has left.", valueName: "days"))
    var horizon = "30d"

    @Option(help: ArgumentHelp("Customers are those seen so shortly before (default: the horizon).", valueName: "days"))
    var active: String?
}
