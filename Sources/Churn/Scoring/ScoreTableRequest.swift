import Glibc

/// What `churn score --csv` was told.
package struct ScoreTableRequest: Sendable {
    /// `-` for standard input.
    let input: String
    let output: String
    /// The column with the id; nil for the one that the model was trained with.
    let id: String?
    let limit: RejectLimit
    let rejectsPath: String
    let threads: Int
    /// Whether no progress is shown.
    let isQuiet: Bool

    package init(
        input: String, output: String, id: String?, maxRejects: String, rejects: String?, threads: Int?, quiet: Bool
    ) throws(CommandError) {
        if let threads, !(1...64).contains(threads) {
            throw CommandError(.usage, "--threads must be a number from 1 to 64")
        }
        self.input = input
        self.output = output
        self.id = id
        limit = try RejectLimit(maxRejects, option: "--max-rejects")
        rejectsPath = rejects ?? (input == "-" ? "stdin.rejects" : "\(input).rejects")
        self.threads = threads ?? Machine.cores
        isQuiet = quiet
    }
}
