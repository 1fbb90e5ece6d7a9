import ArgumentParser
import Churn

/// `churn train`.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Learn a model from a table of customers who stayed and who left.",
        discussion: """
            Reads a CSV file with a header, tells numbers from categories by their values, fits a logistic regression \
            and judges it on rows that the fit has not seen (five folds). The same data and options give the same bytes.

              churn train --csv customers.csv --label Churn --positive Yes --id customerID --output Models/mine.json
            """)

    @Option(help: ArgumentHelp("The table, with a header line.", valueName: "file"))
    var csv: String

    @Option(help: ArgumentHelp("The column that says who left.", valueName: "column"))
    var label: String

    @Option(help: ArgumentHelp("The value in that column that means: left.", valueName: "value"))
    var positive: String

    @Option(
        help: ArgumentHelp("The column that names the customer; rows of one stay in one fold.", valueName: "column"))
    var id: String?

    @Option(help: ArgumentHelp("The columns to learn from, by commas (default: all others).", valueName: "a,b"))
    var features: String?

    @Option(help: ArgumentHelp("Columns that are categories though they look like numbers.", valueName: "a,b"))
    var categorical: String?

    @Option(
        help: ArgumentHelp("Strength of the L2 penalty, 0 for none (default: chosen on held-out rows).", valueName: "λ")
    )
    var l2: Double?

    @Option(
        help: ArgumentHelp(
            "What stands in for a missing value: zero, mean, level or refuse. May be repeated.",
            valueName: "column=policy"))
    var missing: [String] = []

    @Option(help: ArgumentHelp("What a level that training never saw does: warn or refuse.", valueName: "policy"))
    var unseen = "warn"

    @Option(
        help: ArgumentHelp(
            "How the decision threshold is chosen: f1, youden, 0.5, profit (with costs) or capacity=K.",
            valueName: "rule"))
    var threshold = "f1"

    @OptionGroup(title: "Costs") var costs: CostOptions

    @Option(help: ArgumentHelp("A number that goes into the model file and decides everything random.", valueName: "n"))
    var seed = 0

    @Option(help: ArgumentHelp("What the label means: left within so many days.", valueName: "days"))
    var horizon: Int?

    @Option(help: ArgumentHelp("Where to write the model file (default: nowhere, the report only).", valueName: "file"))
    var output: String?

    @Flag(help: "Make the model a candidate in the database, for `churn promote`.")
    var register = false

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        let list = { (text: String?) in text?.split(separator: ",").map(String.init) }
        let request = TrainRequest(
            csv: csv, label: label, positive: positive, id: id, features: list(features),
            categorical: list(categorical) ?? [], l2: l2, missing: missing, unseen: unseen, threshold: threshold,
            costs: costs.request, seed: seed, horizonDays: horizon, output: output)
        try Command.run("train", report) { () throws(CommandError) in
            try Train.run(request, registry: register ? try database.options(report) : nil)
        }
    }
}
