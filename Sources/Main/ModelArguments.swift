import ArgumentParser
import Churn

/// Which model a command is about: as for a promotion, or the champion.
struct ModelArguments: ParsableArguments {
    @OptionGroup var candidates: CandidateArguments

    @Flag(help: "The champion.")
    var champion = false

    /// What was asked for; nil for nothing.
    func choice() throws(CommandError) -> ModelChoice? {
        guard champion else { return try candidates.choice() }
        guard try candidates.choice() == nil else {
            throw CommandError(.usage, "give one of a version, --candidate and --champion, and not several")
        }
        return .champion
    }
}
