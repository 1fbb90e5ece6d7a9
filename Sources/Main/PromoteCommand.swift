import ArgumentParser
import Churn

/// `churn promote`.
struct PromoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Make a model the champion: running servers swap within a second.",
        discussion: """
            The champion before it is retired; `churn models rollback` brings it back.

              churn promote 3f9c2a1b7d04
              churn promote --candidate
            """)

    @OptionGroup var model: CandidateArguments
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        try Command.run("promote", report) { () throws(CommandError) in
            guard let choice = try model.choice() else {
                throw CommandError(.usage, "say which model: a version, a number, or --candidate")
            }
            return try Promote.run(choice, try database.options(report))
        }
    }
}
