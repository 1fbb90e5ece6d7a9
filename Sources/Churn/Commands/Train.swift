import Learning
import Linux
import Postgres

/// What `churn train` was told.
package struct TrainRequest: Sendable {
    let csv: String
    let label: String
    let positive: String
    let id: String?
    let features: [String]?
    let categorical: [String]
    let l2: Double?
    /// `COLUMN=POLICY` each.
    let missing: [String]
    let unseen: String
    let threshold: String
    let costs: CostRequest
    let seed: Int
    let horizonDays: Int?
    let output: String?

    package init(
        csv: String, label: String, positive: String, id: String?, features: [String]?, categorical: [String],
        l2: Double?, missing: [String], unseen: String, threshold: String, costs: CostRequest, seed: Int,
        horizonDays: Int?, output: String?
    ) {
        self.csv = csv
        self.label = label
        self.positive = positive
        self.id = id
        self.features = features
        self.categorical = categorical
        self.l2 = l2
        self.missing = missing
        self.unseen = unseen
        self.threshold = threshold
        self.costs = costs
        self.seed = seed
        self.horizonDays = horizonDays
        self.output = output
    }
}

/// `churn train`: files and options around `Training`.
package enum Train {
    /// The largest file that is read; it is held in memory as a whole.
    static let fileBytesMax = 8 << 30

    /// Learns, writes the model file if one was asked for, and registers the model as a candidate if that was.
    ///
    /// - Parameter registry: the database in which the model becomes a candidate; nil for none.
    package static func run(
        _ request: TrainRequest, registry: CommandOptions?
    ) throws(CommandError) -> CommandOutcome {
        let started = Clock.monotonicNanoseconds()
        let settings = try settings(request)
        let layout = CSVLayout(
            label: request.label, positive: request.positive, id: request.id, features: request.features,
            categorical: request.categorical)
        let bytes = try read(request.csv)
        let result: TrainingResult
        do throws(TrainingError) {
            result = try Training.train(csv: bytes.span, layout, settings)
        } catch {
            throw CommandError(training: error, file: request.csv)
        }
        let isWritten = try request.output.map { path throws(CommandError) in try !write(result.file.bytes, path) }
        let registration = try registry.map { options throws(CommandError) in try register(result.file, options) }
        // Nothing was asked for but the report, or something that was asked for is new.
        let isUnchanged = (isWritten ?? registration?.isNew) != nil && isWritten != true && registration?.isNew != true
        let seconds = Double(Clock.monotonicNanoseconds() - started) * 1e-9
        let json = result.json(
            path: request.output,
            registered: registration.map { (Int($0.record.entry.number), $0.record.state.rawValue) },
            isUnchanged: isUnchanged, seconds: seconds)
        let text = registration.map {
            "\n\nModel \($0.record.entry.text) is \($0.isNew ? "registered" : "known already"): \($0.record.state.rawValue)."
        }
        return CommandOutcome(isUnchanged ? .unchanged : .done, json: json, text: result.text + (text ?? ""))
    }

    /// Makes the model a candidate, if it is new to the registry.
    static func register(
        _ file: ModelFile, _ options: CommandOptions
    ) throws(CommandError) -> (record: ModelRecord, isNew: Bool) {
        var session = try CommandSession(options, command: "train")
        return try session.perform { connection throws(PostgresError) in
            try ModelRegistry.register(file, &connection)
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

    private static func read(_ path: String) throws(CommandError) -> [UInt8] {
        do throws(SystemError) {
            return try File.read(path, limit: fileBytesMax)
        } catch {
            throw CommandError(
                error.isMissingFile ? .fileMissing : .inputOutput, "\(path): \(error.reason)",
                place: CommandError.Place(file: path))
        }
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

    private static func settings(_ request: TrainRequest) throws(CommandError) -> TrainingSettings {
        var settings = TrainingSettings()
        if let l2 = request.l2 {
            guard l2.isFinite, l2 >= 0 else { throw CommandError(.usage, "--l2 must be a number from 0 on") }
            settings.lambda = l2
        }
        let threshold = try ThresholdRequest(request.threshold)
        settings.threshold = threshold.rule
        settings.capacity = threshold.capacity
        settings.costs = try request.costs.costs()
        if threshold.rule == .profit, settings.costs == nil {
            throw CommandError(.usage, "--threshold profit needs --customer-value and --offer-cost")
        }
        guard (0...1 << 53).contains(request.seed) else { throw CommandError(.usage, "--seed must be from 0 to 2^53") }
        settings.seed = request.seed
        if let days = request.horizonDays, days < 1 { throw CommandError(.usage, "--horizon must be at least 1 day") }
        settings.horizonDays = request.horizonDays
        guard ["warn", "refuse"].contains(request.unseen) else {
            throw CommandError(.usage, "--unseen must be warn or refuse")
        }
        settings.schema.refusesUnseen = request.unseen == "refuse"
        for entry in request.missing {
            guard let sign = entry.lastIndex(of: "="),
                let policy = MissingPolicy(rawValue: String(entry[entry.index(after: sign)...]))
            else { throw CommandError(.usage, "--missing must be COLUMN=zero, mean, level or refuse") }
            settings.schema.missing[String(entry[..<sign])] = policy
        }
        return settings
    }
}

extension CommandError {
    /// Why learning from `file` failed: a setting is a matter of usage, all else of the data.
    init(training error: TrainingError, file: String) {
        self.init(
            error.isSetting ? .usage : .data, "\(file): \(error)", code: error.code,
            place: Place(file: file, line: error.line, column: error.column))
    }
}
