import JSON
import Learning

/// What a scored table came to.
struct ScoreTableReport: Sendable {
    let version: String
    let request: ScoreTableRequest
    let counts: ScoreCounts
    let rejectsPath: String?
    let seconds: Double

    var outcome: CommandOutcome { CommandOutcome(.done, json: json, text: text).withoutEvents }

    private var mean: Double? { counts.scored > 0 ? counts.probabilitySum / Double(counts.scored) : nil }

    private var warnings: [String] {
        counts.unseen > 0 ? ["\(counts.unseen) inputs have a level that training never saw"] : []
    }

    private var json: JSONValue {
        [
            "command": "score", "status": "done", "run": .null, "as_of": .null, "version": .string(version),
            "number": .null, "customers": .count(counts.scored + counts.rejected), "scored": .count(counts.scored),
            "already": .count(0), "gone": .count(0), "churn": .count(counts.high),
            "risk": [
                "low": .count(counts.low), "medium": .count(counts.medium), "high": .count(counts.high),
            ],
            "mean_probability": .number(mean), "input": .string(request.input), "output": .string(request.output),
            "rejected": .count(counts.rejected), "rejects_file": rejectsPath.map { .string($0) } ?? .null,
            "seconds": .seconds(seconds), "warnings": .array(warnings.map { .string($0) }),
        ]
    }

    private var text: String {
        var lines = [
            "\(request.output): \(counts.scored) scored by model \(version), "
                + "\(counts.high) of them churn, \(counts.medium) at medium risk"
        ]
        if let rejectsPath { lines.append("\(counts.rejected) lines could not be scored: \(rejectsPath)") }
        return (lines + warnings.map { "warning: \($0)" }).joined(separator: "\n")
    }
}
