import ArgumentParser
import Churn

/// `churn models`.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "The registry: which models there are, and the way back to the champion before.",
        subcommands: [List.self, Show.self, Rollback.self])

    /// `churn models list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All models, newest first.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var report: ReportOptions

        func run() throws {
            try Command.run("models list", report) { () throws(CommandError) in
                try Models.list(try database.options(report))
            }
        }
    }

    /// `churn models show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One model: data, quality, threshold, weights (default: the champion).")

        @OptionGroup var model: ModelArguments
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var report: ReportOptions

        func run() throws {
            try Command.run("models show", report) { () throws(CommandError) in
                try Models.show(try model.choice() ?? .champion, try database.options(report))
            }
        }
    }

    /// `churn models rollback`.
    struct Rollback: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the champion before this one champion again.",
            discussion: """
                Asks no gate and waits for no other command. Running servers swap within a second. A second rollback \
                goes another step back.
                """)

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var report: ReportOptions

        func run() throws {
            try Command.run("models rollback", report) { () throws(CommandError) in
                try Models.rollback(try database.options(report))
            }
        }
    }
}
