import JSON
import Learning
import Report

/// What an evaluation found, for a person and for a script.
struct Evaluation: Sendable {
    let model: RegisteredModel
    /// The model with the rows that it is judged on.
    let judged: JudgedModel
    /// The champion, and its quality on the same rows; nil where it is the model itself, or its features are others.
    let champion: (model: RegisteredModel, quality: Quality)?
    /// Nil where no gate was asked.
    let gate: GateVerdict?
    let warnings: [String]

    /// On a date of the database.
    ///
    /// - Parameter costs: what an offer costs; nil for what the model's file says.
    init(
        _ model: RegisteredModel, on date: JudgedDate, champion: RegisteredModel?, _ judging: Judging?, costs: Costs?,
        warnings: [String]
    ) {
        let costs = costs ?? model.file.contents.costs
        self.model = model
        judged = JudgedModel(model.file, .dates([CommandText.date(date.day)]), date.table, date.rows, costs: costs)
        self.champion = champion.flatMap { Self.rival($0, date.rows, costs) }
        gate = judging?.verdict
        self.warnings = warnings + (judging?.warnings ?? [])
    }

    /// On the rows of a file, which no gate looks at.
    init(_ model: RegisteredModel, on file: JudgedFile, champion: RegisteredModel?, costs: Costs?) {
        self.model = model
        judged = file.judged
        self.champion = champion.flatMap { champion in
            file.rows.flatMap { Self.rival(champion, $0, costs ?? model.file.contents.costs) }
        }
        gate = nil
        warnings = file.warnings
    }

    private static func rival(
        _ champion: RegisteredModel, _ rows: JudgedRows, _ costs: Costs?
    ) -> (model: RegisteredModel, quality: Quality)? {
        guard let probabilities = rows.champion else { return nil }
        let threshold = champion.file.contents.threshold.value
        return (champion, Quality(probabilities, rows.labels, threshold: threshold, costs: costs))
    }

    func outcome(report: String?, seconds: Double) -> CommandOutcome {
        let json: JSONValue = .object(
            [
                .init("command", "evaluate"), .init("status", "done"), .init("version", .string(model.entry.version)),
                .init("number", .count(Int(model.entry.number))), .init("data", data),
            ] + judged.judgement.members + [
                .init("champion", championJSON), .init("gate", gate?.json ?? .null),
                .init("report", report.map { .string($0) } ?? .null), .init("seconds", .seconds(seconds)),
                .init("warnings", .array(said.map { .string($0) })),
            ])
        return CommandOutcome(.done, json: json, text: text)
    }

    /// What a person should know, first of all whether the model is of any use; the page says that in its own words.
    private var said: [String] {
        (judged.judgement.quality.isNoBetterThanConstant ? [Quality.uselessness] : []) + warnings
    }

    private var data: JSONValue {
        let dates = if case .dates(let dates) = judged.basis { dates } else { [String]() }
        return [
            "as_of": .array(dates.map { .string($0) }), "file": judged.fileName.map { .string($0) } ?? .null,
            "sha256": judged.sha256.map { .string($0) } ?? .null, "rows": .count(judged.rows.count),
            "customers": .count(judged.rows.customers), "churned": .count(judged.rows.churned),
        ]
    }

    private var championJSON: JSONValue {
        guard let champion else { return .null }
        return .object((champion.model.entry.json.members ?? []) + [.init("quality", champion.quality.json)])
    }

    private var text: String {
        let judgement = judged.judgement
        var place = judged.fileName ?? "the file"
        if case .dates(let dates) = judged.basis { place = dates.joined(separator: ", ") }
        var lines = said.map { "warning: \($0)" }
        lines += [
            "Model \(model.entry.text) on \(place): \(judged.rows.count) customers, \(judged.rows.churned) left.", "",
        ]
        lines += judgement.quality.lines
        let recency = judgement.baselines.aucOfRecency.map { ", days since the last activity alone: \(fixed($0))" }
        lines += ["", "Without a model: log loss \(fixed(judgement.baselines.logLossOfConstant))\(recency ?? "")."]
        if let champion {
            let quality = champion.quality
            lines.append(
                "The champion, model \(champion.model.entry.text): AUC \(fixed(quality.auc)),"
                    + " log loss \(fixed(quality.logLoss)).")
        }
        if let gate { lines += [""] + gate.lines }
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
