import ArgumentParser
import Churn

/// `churn load`.
struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Take in what customers did, from CSV files.",
        discussion: """
            A file has a header and a line for each event: customer_id, occurred_at and kind (purchase, or any other \
            word), and, if known, service, amount and event_id. It may be packed with gzip. Times without a zone are \
            UTC, dates are midnight UTC.

            The same file again changes nothing. A load that is interrupted leaves nothing, and can be run again.

              churn load events-2026-11.csv.gz
              churn load orders.csv --mapping "customer_id=CUST_NO,occurred_at=DATE,kind='purchase',amount=TOTAL"
              psql -c "COPY orders TO STDOUT CSV HEADER" | churn load -
            """)

    @Argument(help: ArgumentHelp("CSV files, also packed with gzip; - is standard input.", valueName: "file"))
    var files: [String]

    @Option(help: ArgumentHelp("What the columns are called: ours=theirs, or ours='constant'.", valueName: "a=b,…"))
    var mapping: [String] = []

    @Flag(help: "Put a file in the place of an earlier one of the same name whose period it overlaps.")
    var replace = false

    @Option(help: ArgumentHelp("How many lines may be no events before nothing is loaded.", valueName: "n|p%"))
    var maxRejects = "1%"

    @Option(help: ArgumentHelp("Where lines go that are no events (default: FILE.rejects).", valueName: "file"))
    var rejects: String?

    @Option(
        help: ArgumentHelp("Up to when the files are complete (default: their last event).", valueName: "date"))
    var completeTo: String?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        try Command.run("load", report) { () throws(CommandError) in
            let request = try LoadRequest(
                files: files, mapping: mapping, replace: replace, maxRejects: maxRejects, rejects: rejects,
                completeTo: completeTo)
            return try Load.run(request, try database.options(report))
        }
    }
}
