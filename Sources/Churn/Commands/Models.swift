import JSON
import Learning
import Postgres

/// `churn models`: what the registry holds, and the way back to the champion before.
package enum Models {
    // MARK: List

    /// All models, newest first.
    package static func list(_ options: CommandOptions) throws(CommandError) -> CommandOutcome {
        var session = try CommandSession(options, command: "models list", isExclusive: false)
        let models = try session.perform(ModelRegistry.all)
        let json: JSONValue = [
            "command": "models list", "status": "done", "models": .array(models.map(\.json)), "warnings": [],
        ]
        return CommandOutcome(.done, json: json, text: table(models)).known(upTo: try session.watermark())
    }

    private static func table(_ models: [ModelRecord]) -> String {
        if models.isEmpty { return "No model is registered yet." }
        var table = TextTable()
        table.add("number", "version", "state", "rows", "AUC", "95 %", "log loss", "registered", "promoted")
        for model in models {
            let quality = model.summary["quality"]
            let low = fixed(quality?["auc_low"]?.number, decimals: 3)
            let high = fixed(quality?["auc_high"]?.number, decimals: 3)
            table.add(
                "\(model.entry.number)", model.entry.version, model.state.rawValue,
                model.summary["data"]?["rows"]?.integer.map { "\($0)" } ?? "-",
                fixed(quality?["auc"]?.number), "\(low) to \(high)", fixed(quality?["log_loss"]?.number),
                minute(model.createdAt), model.promotedAt.map(minute) ?? "-")
        }
        return table.lines.joined(separator: "\n")
    }

    /// `2026-11-22 03:00`.
    private static func minute(_ microseconds: Int) -> String {
        let instant = CommandText.instant(microseconds)
        return instant.prefix(10) + " " + instant.dropFirst(11).prefix(5)
    }

    // MARK: Show

    /// One model: what the table and the file say of it.
    package static func show(_ choice: ModelChoice, _ options: CommandOptions) throws(CommandError) -> CommandOutcome {
        var session = try CommandSession(options, command: "models show", isExclusive: false)
        guard let model = try session.perform(choice.find) else { throw choice.absence }
        let file = try session.modelFile(model.entry)
        let before = model.state == .champion ? try session.perform(ModelRegistry.beforeChampion) : nil
        let head: [JSONValue.Member] = [.init("command", "models show"), .init("status", "done")]
        let tail: [JSONValue.Member] = [.init("rollback_to", before?.json ?? .null), .init("warnings", [])]
        return CommandOutcome(
            .done, json: .object(head + (model.json.members ?? []) + tail), text: page(model, file, before)
        ).known(upTo: try session.watermark())
    }

    private static func page(_ model: ModelRecord, _ file: ModelFile, _ before: ModelRegistry.Entry?) -> String {
        var lines = ["Model \(model.entry.text): \(model.state.rawValue), registered \(minute(model.createdAt))"]
        if let promotedAt = model.promotedAt { lines[0] += ", champion since \(minute(promotedAt))" }
        if let before { lines.append("A rollback goes back to model \(before.text).") }
        return (lines + [""] + file.lines).joined(separator: "\n")
    }

    // MARK: Rollback

    /// The champion before this one again, without a gate and without waiting for commands that are at work.
    package static func rollback(_ options: CommandOptions) throws(CommandError) -> CommandOutcome {
        var session = try CommandSession(options, command: "models rollback", isExclusive: false)
        // What can fail comes before the change: done twice it would go back two steps.
        let watermark = try session.watermark()
        guard let target = try session.perform(ModelRegistry.beforeChampion) else { throw nothingBefore }
        _ = try session.modelFile(target)
        guard let change = try session.perform(ModelRegistry.rollBack) else { throw nothingBefore }
        return PromotionReport(
            command: "models rollback", status: .done, champion: change.champion, previous: change.previous,
            at: change.at
        ).outcome.known(upTo: watermark)
    }

    private static var nothingBefore: CommandError {
        CommandError(.data, "there is no earlier champion to go back to", code: "no_earlier_champion")
    }
}
