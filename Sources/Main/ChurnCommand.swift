import ArgumentParser
import Churn

/// The command line: each subcommand is a file of its own.
@main
struct ChurnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "churn",
        abstract: "Says for each customer how likely they are to leave, and why.",
        discussion: """
            Without a DATABASE_URL the service starts a private PostgreSQL of its own, and without a model it serves \
            the one in Models/: `churn serve` alone is a running system.
            """,
        subcommands: [
            ServeCommand.self, HealthCommand.self, MigrateCommand.self,
            LoadCommand.self,
            FeaturesCommand.self, SimulateCommand.self,
            TrainCommand.self, DemoModelCommand.self,
            EvaluateCommand.self, ModelsCommand.self, PromoteCommand.self,
            EventsCommand.self, ConsumeCommand.self, KeysCommand.self,
            ScoreCommand.self,
        ])

    /// Runs the subcommand that the arguments name; with `--json` words that cannot be read are one object, too.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            let arguments = CommandLine.arguments.dropFirst()
            // A command that ends with an exit code has said why already.
            let isUnread = !(error is ExitCode) && exitCode(for: error) == .validationFailure
            if isUnread, arguments.contains("--json"), let name = arguments.first {
                print(CommandError(.usage, message(for: error)).json(of: name))
            }
            guard isUnread else { exit(withError: error) }
            Log.say(line(for: error))
            exit(withError: ExitCode.validationFailure)
        }
    }

    /// What is wrong with the arguments and where to read more, without what else ArgumentParser shows between the two.
    private static func line(for error: any Error) -> String {
        let lines = fullMessage(for: error).split(separator: "\n")
        let wrong = lines.first.map(String.init) ?? "Error"
        guard let more = lines.last?.drop(while: { $0 == " " }), more.hasPrefix("See ") else { return wrong }
        return "\(wrong)\(wrong.hasSuffix(".") ? "" : ".") \(more)"
    }
}
