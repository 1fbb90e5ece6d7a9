import ArgumentParser
import Churn

/// How weights are found: penalty, what a row counts, threads.
struct FitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Strength of the L2 penalty, 0 for none: --penalty l2 --lambda λ in short.", valueName: "λ"))
    var l2: Double?

    @Option(help: ArgumentHelp("What holds weights down: none, l2, l1 or elasticnet (default: l2).", valueName: "kind"))
    var penalty: String?

    @Option(help: ArgumentHelp("How strongly; auto chooses on held-out rows (default: auto).", valueName: "λ"))
    var lambda: String?

    @Option(
        name: .customLong("l1-ratio"),
        help: ArgumentHelp("The share of the absolute values in elasticnet (default: 0.5).", valueName: "ρ"))
    var l1Ratio: Double?

    @Option(help: ArgumentHelp("balanced: both classes count the same in all; or none.", valueName: "rule"))
    var classWeight = "none"

    @Option(
        help: ArgumentHelp("Threads; the result does not depend on them (default: one a core).", valueName: "n"))
    var threads: Int?

    var request: FitRequest {
        FitRequest(
            l2: l2, penalty: penalty, lambda: lambda, l1Ratio: l1Ratio, classWeight: classWeight, threads: threads)
    }
}
