import ArgumentParser
import Churn

/// `churn simulate`.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Make up the customers of a shop, as a file for `churn load`.",
        discussion: """
            They buy, use services, fade, fall silent, and some return. The same seed gives the same bytes on every \
            machine. A file whose name ends in .gz is packed.

              churn simulate --customers 20000 --from 2024-11-22 --to 2026-11-22 --seed 4 --output events.csv.gz
            """)

    @Option(help: ArgumentHelp("How many customers.", valueName: "n"))
    var customers: Int

    @Option(help: ArgumentHelp("The first day.", valueName: "date"))
    var from: String

    @Option(help: ArgumentHelp("The day behind the last.", valueName: "date"))
    var to: String

    @Option(help: ArgumentHelp("Decides everything random.", valueName: "n"))
    var seed: Int

    @Option(help: ArgumentHelp("Where to write what no model may see: when each began to fade.", valueName: "file"))
    var truth: String?

    @Option(help: ArgumentHelp("Where to write the events.", valueName: "file"))
    var output: String

    @OptionGroup var report: ReportOptions

    func run() throws {
        try Command.run("simulate", report) { () throws(CommandError) in
            let request = try SimulateRequest(
                customers: customers, from: from, to: to, seed: seed, truth: truth, output: output)
            return try Simulate.run(request, quiet: report.quiet)
        }
    }
}
