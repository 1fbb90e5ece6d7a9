import ArgumentParser
import Churn

/// `churn promote`.
struct PromoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Make a model the champion: running servers swap within a second.",
        discussion: """
            The champion before it is retired; `churn models rollback` brings it back. With --if-better the gate \
            decides, by the newest date that neither model has seen: no worse than the champion, and a reason to swap. \
            Without it nobody compares them, and the answer says `forced`.

              churn promote 3f9c2a1b7d04
              churn promote --candidate --if-better
            """)

    @OptionGroup var model: CandidateArguments
    @Flag(help: "Only if the gate lets it pass; `churn evaluate` shows what the gate says.")
    var ifBetter = false

    @OptionGroup var gate: GateOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        try Command.run("promote", report) { () throws(CommandError) in
            guard let choice = try model.choice() else {
                throw CommandError(.usage, "say which model: a version, a number, or --candidate")
            }
            let request = try PromoteRequest(
                choice, ifBetter: ifBetter, costs: gate.costs.request, maxAge: gate.maxAge)
            return try Promote.run(request, try database.options(report))
        }
    }
}
