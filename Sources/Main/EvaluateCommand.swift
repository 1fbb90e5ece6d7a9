import ArgumentParser
import Churn

/// `churn evaluate`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract:
            "Judge a model by a date of which it is known who left, beside the champion and the gate; or by a table.",
        discussion: """
            Takes the newest candidate, else the champion, and the newest date that neither of them has seen. Changes \
            nothing: `churn promote --if-better` asks the same gate again.

              churn evaluate --candidate --json
              churn evaluate 7 --as-of 2026-10-13

            --csv judges by a table with the model's features and a column that says who left. No gate looks at it. Of the \
            table that the model learnt from, each row is scored by a fit that has not seen it.

              churn evaluate 7 --csv customers.csv --report page.html
            """)

    @OptionGroup var model: ModelArguments

    @Option(help: ArgumentHelp("The date to look at (default: the newest that can judge).", valueName: "date"))
    var asOf: String?

    @Option(help: ArgumentHelp("A table in place of a date, with a header line.", valueName: "file"))
    var csv: String?

    @Option(
        help: ArgumentHelp(
            "With --csv: the column that says who left (default: the one the model was trained with).",
            valueName: "column"))
    var label: String?

    @Option(help: ArgumentHelp("With --csv: the value in that column that means: left.", valueName: "value"))
    var positive: String?

    @Option(help: ArgumentHelp("With --csv: the column that names the customer.", valueName: "column"))
    var id: String?

    @Option(
        name: .customLong("report"),
        help: ArgumentHelp("Where to write a page for people: one HTML file, nothing beside it.", valueName: "file"))
    var page: String?

    @OptionGroup var gate: GateOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        // The page repeats what was asked for; where the database is, and as whom, is nobody's business.
        let words =
            [
                model.candidates.version, model.candidates.candidate ? "--candidate" : nil,
                model.champion ? "--champion" : nil,
            ]
            + [asOf.map { "--as-of \($0)" }, csv.map { "--csv \($0)" }, label.map { "--label \($0)" }]
            + [positive.map { "--positive \($0)" }, id.map { "--id \($0)" }, page.map { "--report \($0)" }]
        let command = (["churn evaluate"] + words.compactMap { $0 }).joined(separator: " ")
        try Command.run("evaluate", report) { () throws(CommandError) in
            let request = try EvaluateRequest(
                try model.choice(), asOf: asOf, csv: csv, label: label, positive: positive, id: id,
                costs: gate.costs.request, maxAge: gate.maxAge, report: page,
                command: command)
            return try Evaluate.run(request, try database.options(report))
        }
    }
}
