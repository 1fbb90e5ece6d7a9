import JSON
import Learning
import Postgres

/// `churn promote`: makes a model the champion, and every running server serves it within a second.
package enum Promote {
    /// Promotes without asking the gate.
    package static func run(_ choice: ModelChoice, _ options: CommandOptions) throws(CommandError) -> CommandOutcome {
        var session = try CommandSession(options, command: "promote")
        let champion = try session.perform(ModelRegistry.champion)
        guard let model = try session.perform(choice.find) else {
            guard choice == .candidate, let champion else { throw choice.absence }
            return unchanged(champion, "no model is a candidate: the champion stays")
        }
        if model.entry == champion { return unchanged(model.entry, nil) }
        try check(model.entry, &session)
        return try promote(model.entry, replacing: champion, gate: nil, &session)
    }

    /// A model whose file cannot be read must not become champion: no server would take it.
    private static func check(_ model: ModelRegistry.Entry, _ session: inout CommandSession) throws(CommandError) {
        _ = try session.modelFile(model)
    }

    private static func promote(
        _ model: ModelRegistry.Entry, replacing champion: ModelRegistry.Entry?, gate: JSONValue?,
        _ session: inout CommandSession
    ) throws(CommandError) -> CommandOutcome {
        let change = try session.perform { connection throws(PostgresError) in
            try ModelRegistry.promote(model, replacing: champion, gate: gate, &connection)
        }
        guard let change else {
            throw CommandError(.busy, "the champion was changed by somebody else meanwhile", code: "champion_changed")
        }
        return outcome(.done, change.champion, change.previous, forced: gate == nil, gate: gate, at: change.at)
    }

    private static func unchanged(_ champion: ModelRegistry.Entry, _ warning: String?) -> CommandOutcome {
        outcome(.unchanged, champion, nil, forced: false, gate: nil, at: nil, warnings: warning.map { [$0] } ?? [])
    }

    /// What `promote` says; `models rollback` says the same.
    static func outcome(
        command: String = "promote", _ status: CommandOutcome.Status, _ champion: ModelRegistry.Entry,
        _ previous: ModelRegistry.Entry?, forced: Bool, gate: JSONValue?, at: Int?, warnings: [String] = []
    ) -> CommandOutcome {
        var lines = warnings.map { "warning: \($0)" }
        switch status {
        case .done: lines.append("Model \(champion.text) is champion\(previous.map { ", after \($0.text)" } ?? "").")
        case .unchanged: lines.append("Model \(champion.text) is champion already.")
        case .refused: lines.append("Model \(champion.text) stays champion.")
        }
        if forced { lines.append("Forced: no gate has compared the two.") }
        return CommandOutcome(
            status,
            json: [
                "command": .string(command), "status": .string(status.rawValue), "champion": champion.json,
                "previous": previous?.json ?? .null, "forced": .boolean(forced), "gate": gate ?? .null,
                "at": JSONValue(at.map { CommandText.instant($0) }), "warnings": JSONValue(warnings),
            ], text: lines.joined(separator: "\n"))
    }
}

extension ModelRegistry.Entry {
    /// The two names of a model, for a person.
    var text: String { "\(number) (\(version))" }
}

extension CommandSession {
    /// Reads the file of a registered model.
    mutating func modelFile(_ model: ModelRegistry.Entry) throws(CommandError) -> ModelFile {
        let bytes = try perform { connection throws(PostgresError) in
            try ModelRegistry.artifact(model.number, &connection)
        }
        do throws(ModelFileError) {
            let file = try ModelFile(reading: bytes ?? [])
            guard file.version == model.version else { throw .notAModelFile }
            return file
        } catch {
            throw CommandError(.data, "the file of model \(model.text) cannot be used: \(error)", code: "model_file")
        }
    }
}
