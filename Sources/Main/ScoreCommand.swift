import ArgumentParser
import Churn

/// `churn score`.
struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Say of every customer how likely they are to leave: those of a date, or those in a table.",
        discussion: """
            --as-of scores the snapshots of a date and stores the predictions like those of the service, so that they \
            are published like those. A run that was cut off goes on where it was; one that is done is unchanged.

              churn score --as-of 2026-11-22

            --csv reads a CSV file with a header that has the model's features and an id among its columns, and writes \
            id, probability and churn, a line for each line, in the same order. The probabilities are those that the \
            service gives, to the last bit. Lines that cannot be scored go to a file of rejects with their reason.

              churn score --csv customers.csv --model Models/mine.json --output scores.csv
            """)

    @Option(help: ArgumentHelp("The date whose snapshots are scored.", valueName: "date"))
    var asOf: String?

    @Option(
        help: ArgumentHelp("A table in place of a date, also packed with gzip; - is standard input.", valueName: "file")
    )
    var csv: String?

    @Option(
        help: ArgumentHelp(
            "With a date a version or a number (default: the champion); with a table a model file (default: the first in Models/).",
            valueName: "model"))
    var model: String?

    @Flag(help: "With a date: the predictions count as published, nobody hears of them.")
    var noEvents = false

    @OptionGroup(title: "With a table") var table: ScoreTableOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        try Command.run("score", report) { () throws(CommandError) in
            switch (asOf, csv) {
            case (let asOf?, nil):
                guard table.isEmpty else {
                    throw CommandError(.usage, "--as-of stores what it finds: --output and its like belong to --csv")
                }
                let request = try ScoreRunRequest(asOf: asOf, model: model, noEvents: noEvents)
                return try ScoreRun.run(request, try database.options(report))
            case (nil, let csv?):
                if noEvents { throw CommandError(.usage, "--no-events belongs to --as-of: a table is not stored") }
                return try ScoreTable.run(try table.request(csv, report), model: model)
            default: throw CommandError(.usage, "say what to score: --as-of a date, or --csv a table")
            }
        }
    }
}

/// How a table is scored.
struct ScoreTableOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where the scores go.", valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp("The column with the id (default: the one the model was trained with).", valueName: "column")
    )
    var id: String?

    @Option(
        help: ArgumentHelp("How many lines may be left out before nothing is written (default: 1%).", valueName: "n|p%")
    )
    var maxRejects: String?

    @Option(help: ArgumentHelp("Where lines go that cannot be scored (default: FILE.rejects).", valueName: "file"))
    var rejects: String?

    @Option(help: ArgumentHelp("How many threads to use (default: one a core).", valueName: "n"))
    var threads: Int?

    var isEmpty: Bool { output == nil && id == nil && maxRejects == nil && rejects == nil && threads == nil }

    func request(_ csv: String, _ report: ReportOptions) throws(CommandError) -> ScoreTableRequest {
        guard let output else { throw CommandError(.usage, "say where the scores go: --output") }
        return try ScoreTableRequest(
            input: csv, output: output, id: id, maxRejects: maxRejects ?? "1%", rejects: rejects, threads: threads,
            quiet: report.quiet)
    }
}
