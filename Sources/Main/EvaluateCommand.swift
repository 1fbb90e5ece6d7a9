import ArgumentParser
import Churn

/// `churn evaluate`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Judge a model by a date of which it is known who left, beside the champion and the gate.",
        discussion: """
            Takes the newest candidate, else the champion, and the newest date that neither of them has seen. Changes \
            nothing: `churn promote --if-better` asks the same gate again.

              churn evaluate --candidate --json
              churn evaluate 7 --as-of 2026-10-13
            """)

    @OptionGroup var model: ModelArguments

    @Option(help: ArgumentHelp("The date to look at (default: the newest that can judge).", valueName: "date"))
    var asOf: String?

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
            + [asOf.map { "--as-of \($0)" }, page.map { "--report \($0)" }]
        let command = (["churn evaluate"] + words.compactMap { $0 }).joined(separator: " ")
        try Command.run("evaluate", report) { () throws(CommandError) in
            let request = try EvaluateRequest(
                try model.choice(), asOf: asOf, costs: gate.costs.request, maxAge: gate.maxAge, report: page,
                command: command)
            return try Evaluate.run(request, try database.options(report))
        }
    }
}
