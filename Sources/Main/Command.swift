import ArgumentParser
import Churn

/// What every subcommand does around its work.
enum Command {
    /// Runs `work` with the log started; where it fails, one line on standard error says why, and the exit code what kind.
    static func run(_ work: () throws(CommandError) -> Void) throws {
        Log.start()
        do throws(CommandError) {
            try work()
        } catch {
            Log.fail(error.description)
            throw ExitCode(error.kind.rawValue)
        }
    }

    /// Runs `work` and prints its outcome, for a person or for a script.
    ///
    /// - Parameter name: of the command, as its JSON object has it.
    static func run(
        _ name: String, _ report: ReportOptions, _ work: () throws(CommandError) -> CommandOutcome
    ) throws {
        Log.start(isQuiet: report.quiet)
        let outcome: CommandOutcome
        do throws(CommandError) {
            outcome = try work()
        } catch {
            Log.fail(error.description)
            if report.json { print(error.json(of: name)) }
            throw ExitCode(error.kind.rawValue)
        }
        print(report.json ? outcome.line : outcome.text)
        if report.exitCode, outcome.status != .done { throw ExitCode(outcome.status.code) }
    }
}
