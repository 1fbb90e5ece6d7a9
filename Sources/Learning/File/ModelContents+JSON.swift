import JSON

extension ModelContents {
    private static let format = "churn-model"
    private static let formatVersion = 2
    private static let kind = "logistic"

    /// The members of the file behind the checksum, in their order.
    var members: [JSONValue.Member] {
        [
            .init("format", .string(Self.format)),
            .init("format_version", JSONValue(Self.formatVersion)),
            .init("model", .string(Self.kind)),
            .init("horizon_days", JSONValue(horizonDays)),
            .init("definition", definition?.json ?? .null),
            .init("seed", JSONValue(seed)),
            .init("intercept", JSONValue(parameters.intercept)),
            .init("base", JSONValue(parameters.base)),
            .init("threshold", threshold.json),
            .init("costs", costs?.json ?? .null),
            .init("features", .array(zip(features, parameters.effects).map { $0.json($1) })),
            .init("inference", inference?.json ?? .null),
            .init("calibration", Calibration.json(calibration)),
            .init("penalty", penalty.json),
            .init("solver", solver.json),
            .init("data", data.json),
            .init("split", split.json),
            .init("quality", quality.json),
            .init("curves", curves.json),
            .init("golden", .array(golden.map(\.json))),
        ]
    }

    /// Reads the whole tree of a file: each member known, of its type and in its range, and none beside them.
    init(_ json: JSONValue) throws(ModelFileError) {
        var reader = try MemberReader(json, "")
        _ = try reader.string("checksum")
        let version = try Self.checkFormat(&reader)
        reader.takesAbsentForNull = version < Self.formatVersion
        var features: [Feature] = []
        var effects: [LogisticParameters.Effect] = []
        for member in try reader.objects("features") {
            let (feature, effect) = try Feature.read(member)
            features.append(feature)
            effects.append(effect)
        }
        guard !features.isEmpty, Set(features.map { Array($0.name.utf8) }).count == features.count else {
            throw reader.fault("features", "are none, or two have one name")
        }
        let intercept = try reader.number("intercept")
        let parameters = LogisticParameters(intercept: intercept, base: try reader.number("base"), effects: effects)
        let check = LogisticParameters(intercept: intercept, effects: effects)
        let scale = effects.reduce(abs(intercept)) { $0 + abs($1.atMean) }
        guard abs(check.base - parameters.base) <= 1e-9 * max(1, scale) else {
            throw reader.fault("base", "is not the logit at the means")
        }
        let definition = try reader.optionalObject("definition")
        self.init(
            features: features, parameters: parameters, threshold: try Threshold(try reader.object("threshold")),
            definition: try definition.map { member throws(ModelFileError) in try Definition(member) },
            horizonDays: try reader.optionalCount("horizon_days"), seed: try reader.count("seed"),
            calibration: try Calibration.read(try reader.object("calibration")),
            penalty: try Penalty(try reader.object("penalty")), solver: try SolverReport(try reader.object("solver")),
            data: try DataCard(try reader.object("data")), split: try Split(try reader.object("split")),
            quality: try Quality(try reader.object("quality")), curves: try Curves(try reader.object("curves")))
        if let costs = try reader.optionalObject("costs") { self.costs = try Costs(costs) }
        if let inference = try reader.optionalObject("inference") { self.inference = try Inference(inference) }
        golden = try Self.golden(&reader)
        try reader.finish()
    }

    /// - Returns: the version of the format, which knows all members that the versions before it knew.
    private static func checkFormat(_ reader: inout MemberReader) throws(ModelFileError) -> Int {
        let format = try reader.string("format")
        guard format == Self.format else { throw .unsupported(member: "format", value: format) }
        let version = try reader.count("format_version")
        guard (1...formatVersion).contains(version) else {
            throw .unsupported(member: "format_version", value: "\(version)")
        }
        let kind = try reader.string("model")
        guard kind == Self.kind else { throw .unsupported(member: "model", value: kind) }
        return version
    }

    private static func golden(_ reader: inout MemberReader) throws(ModelFileError) -> [GoldenRow] {
        var rows: [GoldenRow] = []
        for var member in try reader.objects("golden") {
            var inputs: [GoldenRow.Input] = []
            for element in try member.array("features") {
                switch element {
                case .number(let number): inputs.append(.number(number))
                case .string(let level): inputs.append(.level(level))
                case .null: inputs.append(.missing)
                default: throw member.fault("features", "holds something that is no input")
                }
            }
            rows.append(GoldenRow(inputs: inputs, probability: try member.number("probability", in: 0...1)))
            try member.finish()
        }
        guard rows.count == 16 else { throw reader.fault("golden", "has \(rows.count) rows and not 16") }
        return rows
    }
}

extension GoldenRow {
    fileprivate var json: JSONValue {
        let features = inputs.map { input -> JSONValue in
            switch input {
            case .number(let number): JSONValue(number)
            case .level(let level): .string(level)
            case .missing: .null
            }
        }
        return ["features": .array(features), "probability": JSONValue(probability)]
    }
}
