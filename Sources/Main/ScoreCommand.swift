import ArgumentParser
import Churn

/// `churn score`.
struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Say of every customer in a table how likely they are to leave.",
        discussion: """
            Reads a CSV file with a header that has the model's features and an id among its columns, and writes \
            id, probability and churn, a line for each line, in the same order. The probabilities are those that the \
            service gives, to the last bit. Lines that cannot be scored go to a file of rejects with their reason.

              churn score --csv customers.csv --model Models/mine.json --output scores.csv
            """)

    @Option(help: ArgumentHelp("The table, also packed with gzip; - is standard input.", valueName: "file"))
    var csv: String

    @Option(help: ArgumentHelp("Where the scores go.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Model file (default: the first in Models/).", valueName: "file"))
    var model: String?

    @Option(
        help: ArgumentHelp("The column with the id (default: the one the model was trained with).", valueName: "column")
    )
    var id: String?

    @Option(help: ArgumentHelp("How many lines may be left out before nothing is written.", valueName: "n|p%"))
    var maxRejects = "1%"

    @Option(help: ArgumentHelp("Where lines go that cannot be scored (default: FILE.rejects).", valueName: "file"))
    var rejects: String?

    @Option(help: ArgumentHelp("How many threads to use (default: one a core).", valueName: "n"))
    var threads: Int?

    @OptionGroup var report: ReportOptions

    func run() throws {
        try Command.run("score", report) { () throws(CommandError) in
            let request = try ScoreTableRequest(
                input: csv, output: output, id: id, maxRejects: maxRejects, rejects: rejects, threads: threads)
            return try ScoreTable.run(request, model: model)
        }
    }
}
