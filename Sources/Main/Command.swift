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
}
