import JSON
import Learning
import Postgres

/// What became of the champion, for a person and for a script.
struct PromotionReport {
    var command = "promote"
    let status: CommandOutcome.Status
    /// The champion now; nil where there is none.
    let champion: ModelRegistry.Entry?
    var previous: ModelRegistry.Entry?
    /// The model that was not promoted.
    var refused: ModelRegistry.Entry?
    /// Promoted without a gate.
    var forced = false
    var gate: JSONValue?
    /// Microseconds since 1970.
    var at: Int?
    var warnings: [String] = []
    /// More for a person.
    var lines: [String] = []

    var outcome: CommandOutcome {
        CommandOutcome(
            status,
            json: [
                "command": .string(command), "status": .string(status.rawValue),
                "champion": champion?.json ?? .null, "previous": previous?.json ?? .null,
                "refused": refused?.json ?? .null, "forced": .boolean(forced), "gate": gate ?? .null,
                "at": .instant(at), "warnings": .array(warnings.map { .string($0) }),
            ], text: (warnings.map { "warning: \($0)" } + sentences + lines).joined(separator: "\n"))
    }

    private var sentences: [String] {
        switch (status, champion) {
        case (.done, let champion?):
            let after = previous.map { ", after model \($0.text)" } ?? ""
            return ["Model \(champion.text) is champion\(after)."]
                + (forced ? ["Forced: no gate has compared the two."] : [])
        case (.unchanged, let champion?): return ["Model \(champion.text) is champion already."]
        case (_, let champion?): return ["Model \(champion.text) stays champion."]
        case (_, nil): return ["There is still no champion."]
        }
    }
}

extension ModelRegistry.Entry {
    /// The two names of a model, for a person.
    var text: String { "\(number) (\(version))" }

    /// The two names of a model, for a script.
    var json: JSONValue { ["version": .string(version), "number": .count(Int(number))] }
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
