import JSON
import Learning

/// What an evaluation found, for a person and for a script.
struct Evaluation: Sendable {
    let model: RegisteredModel
    /// The champion on the same rows; nil where it is the model itself, or its features are others.
    let champion: RegisteredModel?
    let date: JudgedDate
    /// Nil where the model is the champion.
    let judging: Judging?
    let costs: Costs?
    let warnings: [String]

    func outcome(report: String?, seconds: Double) -> CommandOutcome {
        let judgement = rows.judgement(model.file.contents.threshold, costs: costs)
        let rival = rivalQuality
        let json: JSONValue = .object(
            [
                .init("command", "evaluate"), .init("status", "done"), .init("version", .string(model.entry.version)),
                .init("number", .count(Int(model.entry.number))), .init("data", data),
            ] + judgement.members + [
                .init("champion", championJSON(rival)), .init("gate", judging?.verdict.json ?? .null),
                .init("report", report.map { .string($0) } ?? .null), .init("seconds", .seconds(seconds)),
                .init("warnings", .array(warnings.map { .string($0) })),
            ])
        return CommandOutcome(.done, json: json, text: text(judgement, rival))
    }

    private var rows: JudgedRows { date.rows }

    /// The champion's quality on the same rows.
    var rivalQuality: Quality? {
        guard let champion, let probabilities = rows.champion else { return nil }
        return Quality(
            probabilities, rows.labels, threshold: champion.file.contents.threshold.value, costs: costs)
    }

    private var churned: Int { rows.labels.count { $0 } }

    private var data: JSONValue {
        [
            "as_of": [.date(date.day)], "rows": .count(rows.labels.count), "customers": .count(rows.labels.count),
            "churned": .count(churned),
        ]
    }

    private func championJSON(_ quality: Quality?) -> JSONValue {
        guard let champion, let quality else { return .null }
        return .object((champion.entry.json.members ?? []) + [.init("quality", quality.json)])
    }

    private func text(_ judgement: ModelJudgement, _ rival: Quality?) -> String {
        var lines = warnings.map { "warning: \($0)" }
        lines += [
            "Model \(model.entry.text) on \(CommandText.date(date.day)): \(rows.labels.count) customers, \(churned) left.",
            "",
        ]
        lines += judgement.quality.lines
        let recency = judgement.baselines.aucOfRecency.map { ", days since the last activity alone: \(fixed($0))" }
        lines += ["", "Without a model: log loss \(fixed(judgement.baselines.logLossOfConstant))\(recency ?? "")."]
        if let champion, let rival {
            lines.append(
                "The champion, model \(champion.entry.text): AUC \(fixed(rival.auc)), log loss \(fixed(rival.logLoss))."
            )
        }
        if let judging { lines += [""] + judging.verdict.lines }
        return lines.joined(separator: "\n")
    }
}

extension GateVerdict {
    /// The verdict for a person: a line for each check.
    var lines: [String] {
        ["The gate \(passed ? "lets it pass" : "does not let it pass"): \(reason)."]
            + checks.map { "  \($0.passed ? "yes" : "no ")  \($0.name.rawValue): \($0.text)" }
    }
}
