import ArgumentParser
import Churn

/// How a command ends: an exit code, and on failure one line on standard error.
enum Outcome {
    /// Starts logging; to be called once, first.
    static func log() { Log.start() }

    static func of(_ body: () throws(CommandError) -> Void) throws {
        do throws(CommandError) {
            try body()
        } catch {
            Log.fail(error.description)
            throw ExitCode(error.kind.rawValue)
        }
    }
}
