import JSON
import Learning

/// What a scoring run did, for a person and for a script.
struct ScoringReport {
    let run: ScoringRun
    /// Customers whom an earlier run had scored.
    let already: Int
    let isUnchanged: Bool
    let gone: Int
    let warnings: [String]
    let seconds: Double

    var outcome: CommandOutcome {
        CommandOutcome(isUnchanged ? .unchanged : .done, json: json, text: text)
    }

    private var low: Int { run.progress.scored - run.progress.churned - run.progress.medium }

    private var mean: Double? {
        run.progress.scored == 0 ? nil : run.progress.probabilities / Double(run.progress.scored)
    }

    private var json: JSONValue {
        [
            "command": "score", "status": .string(isUnchanged ? "unchanged" : "done"),
            "run": .string("\(CommandText.date(run.day))/\(run.model.version)"), "as_of": .date(run.day),
            "version": .string(run.model.version), "number": .count(Int(run.model.number)),
            "customers": .count(run.customers), "scored": .count(run.progress.scored - already),
            "already": .count(already), "gone": .count(gone), "churn": .count(run.progress.churned),
            "risk": [
                "low": .count(low), "medium": .count(run.progress.medium), "high": .count(run.progress.churned),
            ],
            "mean_probability": .number(mean), "input": .null, "output": .null, "rejected": 0,
            "seconds": .seconds(seconds), "warnings": .array(warnings.map { .string($0) }),
        ]
    }

    private var text: String {
        let progress = run.progress
        let before = already == 0 ? "" : ", \(already) of them before"
        return
            (warnings.map { "warning: \($0)" } + [
                "\(CommandText.date(run.day)), model \(run.model.text): \(progress.scored) customers scored\(before).",
                "Risk: \(progress.churned) high, \(progress.medium) medium, \(low) low; mean probability \(fixed(mean)).",
                "\(gone) more were seen in the window and not lately: they count as gone.",
            ]).joined(separator: "\n")
    }
}
