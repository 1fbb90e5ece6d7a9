import Learning
import Linux
import Postgres

/// `churn train`: files and options around `Training`.
package enum Train {
    /// No model file is larger.
    static let fileBytesMax = 64 << 20

    /// Learns, writes the model file if one was asked for, and registers the model as a candidate if that was.
    ///
    /// - Parameters:
    ///   - registers: whether a model from a file becomes a candidate, too; one from the database always does.
    ///   - options: opens the database only where it is needed.
    package static func run(
        _ request: TrainRequest, registers: Bool, _ options: CommandOptions
    ) throws(CommandError) -> CommandOutcome {
        let started = Clock.monotonicNanoseconds()
        var settings = try request.settings()
        let progress = SharedProgress("train", isQuiet: options.isQuiet)
        settings.progress = { progress.update($0, of: $1) }
        switch request.source {
        case .csv(let file):
            let result = try learn(file, settings)
            if registers {
                var session = try CommandSession(options, command: "train")
                return try keep(result, definitionID: nil, request, since: started, &session)
            }
            let run = Run(result, registration: nil, isWritten: try write(result.file, request.output))
            return run.outcome(path: request.output, since: started).withoutEvents
        case .database(let choice):
            var session = try CommandSession(options, command: "train")
            let (result, definition, warnings) = try learn(choice, settings, &session)
            return try keep(
                result.adding(warnings), definitionID: definition.id, request, since: started, &session)
        }
    }

    /// Writes the file if one was asked for, and makes the model a candidate, if it is new to the registry.
    private static func keep(
        _ result: TrainingResult, definitionID: Int?, _ request: TrainRequest, since started: Int,
        _ session: inout CommandSession
    ) throws(CommandError) -> CommandOutcome {
        let watermark = try session.watermark()
        let isWritten = try write(result.file, request.output)
        let registration = try session.perform { connection throws(PostgresError) in
            try ModelRegistry.register(result.file, &connection)
        }
        let run = Run(result, definitionID: definitionID, registration: registration, isWritten: isWritten)
        return run.outcome(path: request.output, since: started).known(upTo: watermark)
    }

    /// - Returns: whether the file is new; nil where none was asked for.
    private static func write(_ file: ModelFile, _ path: String?) throws(CommandError) -> Bool? {
        try path.map { path throws(CommandError) in try !write(file.bytes, path) }
    }

    private static func learn(
        _ file: TrainRequest.TableFile, _ settings: TrainingSettings
    ) throws(CommandError) -> TrainingResult {
        var settings = settings
        settings.horizonDays = file.horizonDays
        let (table, sha256) = try InputFile.readTable(file.path, file.layout)
        do throws(TrainingError) {
            return try Training.train(table, file.layout, sha256: sha256, settings)
        } catch {
            throw CommandError(training: error, file: file.path)
        }
    }

    /// A finished training run, and what became of its model.
    private struct Run {
        let result: TrainingResult
        let definitionID: Int?
        let registration: (record: ModelRecord, isNew: Bool)?
        /// Whether the file is new; nil where none was asked for.
        let isWritten: Bool?

        init(
            _ result: TrainingResult, definitionID: Int? = nil, registration: (record: ModelRecord, isNew: Bool)?,
            isWritten: Bool?
        ) {
            self.result = result
            self.definitionID = definitionID
            self.registration = registration
            self.isWritten = isWritten
        }

        func outcome(path: String?, since started: Int) -> CommandOutcome {
            // Nothing was asked for but the report, or something that was asked for is new.
            let isUnchanged =
                (isWritten ?? registration?.isNew) != nil && isWritten != true && registration?.isNew != true
            let json = result.json(
                path: path, definitionID: definitionID,
                registered: registration.map { (Int($0.record.entry.number), $0.record.state.rawValue) },
                isUnchanged: isUnchanged, seconds: Double(Clock.monotonicNanoseconds() - started) * 1e-9)
            let text = registration.map { known in
                let verb = known.isNew ? "registered" : "known already"
                return "\n\nModel \(known.record.entry.text) is \(verb): \(known.record.state.rawValue)."
            }
            return CommandOutcome(isUnchanged ? .unchanged : .done, json: json, text: result.text + (text ?? ""))
        }
    }

    /// Trains the model that ships with the program.
    ///
    /// - Returns: the report.
    package static func demo(output: String?) throws(CommandError) -> String {
        let result: TrainingResult
        do throws(TrainingError) {
            result = try DemoModel.train()
        } catch {
            throw CommandError(.bug, "\(error)")
        }
        let isUnchanged = try output.map { path throws(CommandError) in try write(result.file.bytes, path) }
        return isUnchanged == true ? "\(result.text)\nThe file has these bytes already." : result.text
    }

    /// - Returns: whether the same bytes were there already.
    private static func write(_ bytes: [UInt8], _ path: String) throws(CommandError) -> Bool {
        if let old = try? File.read(path, limit: fileBytesMax), old == bytes { return true }
        do throws(SystemError) {
            try File.write(path, bytes)
        } catch {
            throw CommandError(.inputOutput, "\(path): \(error.reason)", place: CommandError.Place(file: path))
        }
        return false
    }
}

extension CommandError {
    /// Why learning failed: a setting is a matter of usage, all else of the data.
    ///
    /// - Parameter file: that was learned from; nil for the database.
    init(training error: TrainingError, file: String? = nil) {
        self.init(
            error.isSetting ? .usage : .data, file.map { "\($0): \(error)" } ?? "\(error)", code: error.code,
            place: Place(file: file, line: error.line, column: error.column))
    }
}
