import ArgumentParser
import Churn

/// `churn train`.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Learn a model from customers who stayed and who left.",
        discussion: """
            From the database: learns from the snapshots that `churn features` made, on earlier dates, chooses on a \
            later one and judges on the last, a horizon between them. The model becomes a candidate.

              churn train --from-database

            From a CSV file with a header: tells numbers from categories by their values, and judges on rows that the \
            fit has not seen (five folds).

              churn train --csv customers.csv --label Churn --positive Yes --id customerID --output Models/mine.json

            Either way it fits a logistic regression, and the same data and options give the same bytes.
            """)

    @Flag(help: "Learn from the snapshots in the database.")
    var fromDatabase = false

    @Option(help: ArgumentHelp("With the database: snapshots that look back so far.", valueName: "days"))
    var window: String?

    @Option(help: ArgumentHelp("With the database: snapshots of customers seen so shortly before.", valueName: "days"))
    var active: String?

    @Option(help: ArgumentHelp("With the database: the first date to learn from (default: all).", valueName: "date"))
    var trainFrom: String?

    @Option(help: ArgumentHelp("With the database: the date to judge on (default: the last).", valueName: "date"))
    var test: String?

    @Option(help: ArgumentHelp("The table, with a header line.", valueName: "file"))
    var csv: String?

    @Option(help: ArgumentHelp("With --csv: the column that says who left.", valueName: "column"))
    var label: String?

    @Option(help: ArgumentHelp("With --csv: the value in that column that means: left.", valueName: "value"))
    var positive: String?

    @Option(
        help: ArgumentHelp("The column that names the customer; rows of one stay in one fold.", valueName: "column"))
    var id: String?

    @Option(help: ArgumentHelp("The columns to learn from, by commas (default: all others).", valueName: "a,b"))
    var features: String?

    @Option(help: ArgumentHelp("Columns that are categories though they look like numbers.", valueName: "a,b"))
    var categorical: String?

    @OptionGroup(title: "Fit") var fit: FitOptions

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
    var horizon: String?

    @Option(help: ArgumentHelp("Where to write the model file (default: nowhere, the report only).", valueName: "file"))
    var output: String?

    @Flag(help: "With --csv: make the model a candidate in the database, for `churn promote`.")
    var register = false

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard fromDatabase != (csv != nil) else { throw ValidationError("Give either --from-database or --csv.") }
        if fromDatabase {
            let strangers = ["--label": label, "--positive": positive, "--id": id, "--features": features]
            for (name, value) in strangers.sorted(by: { $0.key < $1.key }) where value != nil {
                throw ValidationError("\(name) is for --csv.")
            }
        } else {
            guard label != nil, positive != nil else { throw ValidationError("--csv needs --label and --positive.") }
            let strangers = ["--window": window, "--active": active, "--train-from": trainFrom, "--test": test]
            for (name, value) in strangers.sorted(by: { $0.key < $1.key }) where value != nil {
                throw ValidationError("\(name) is for --from-database.")
            }
        }
    }

    func run() throws {
        try Command.run("train", report) { () throws(CommandError) in
            let request = TrainRequest(
                try source(), fit: fit.request, missing: missing, unseen: unseen, threshold: threshold,
                costs: costs.request,
                seed: seed, output: output)
            return try Train.run(request, registers: register, try database.options(report))
        }
    }

    private func source() throws(CommandError) -> TrainRequest.Source {
        guard let csv else {
            return .database(
                try SnapshotChoice(
                    window: window, horizon: horizon, active: active, trainFrom: trainFrom, test: test))
        }
        let list = { (text: String?) in text?.split(separator: ",").map(String.init) }
        return .csv(
            try TrainRequest.TableFile(
                path: csv, label: label ?? "", positive: positive ?? "", id: id, features: list(features),
                categorical: list(categorical) ?? [], horizon: horizon))
    }
}
