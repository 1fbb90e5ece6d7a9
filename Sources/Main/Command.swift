import ArgumentParser
import Churn

/// What every subcommand does around its work.
enum Command {
    /// Runs `work` with the log started; where it fails, one line on standard error says why, and the exit code what kind.
    ///
    /// - Parameter json: the name of a command that was asked for JSON: its failure is one object on standard output too.
    static func run(json name: String? = nil, _ work: () throws(CommandError) -> Void) throws {
        Log.start()
        do throws(CommandError) {
            try work()
        } catch {
            Log.fail(error.description)
            if let name { print(error.json(of: name)) }
            throw ExitCode(error.kind.rawValue)
        }
    }
}
