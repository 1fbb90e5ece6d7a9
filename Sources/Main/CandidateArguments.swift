import ArgumentParser
import Churn

/// Which model is to become champion: a version or number, or the newest candidate.
struct CandidateArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("A version, or a number.", valueName: "version"))
    var version: String?

    @Flag(help: "The newest candidate.")
    var candidate = false

    /// What was asked for; nil for nothing.
    func choice() throws(CommandError) -> ModelChoice? {
        guard let version else { return candidate ? .candidate : nil }
        if candidate { throw CommandError(.usage, "give a version or --candidate, and not both") }
        return .named(version)
    }
}
