import JSON

extension Feature {
    /// The feature with its weights, as the model file has it.
    func json(_ effect: LogisticParameters.Effect) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("name", .string(name)),
            .init("title", ["en": .string(title.english), "ru": .string(title.russian)]),
            .init("unit", JSONValue(unit)),
            .init("missing", .string(missing.rawValue)),
            .init("unused", JSONValue(unused)),
        ]
        switch kind {
        case .number(let summary):
            members.append(.init("type", "number"))
            members.append(.init("min", JSONValue(summary?.minimum)))
            members.append(.init("p01", JSONValue(summary?.p01)))
            members.append(.init("median", JSONValue(summary?.median)))
            members.append(.init("p99", JSONValue(summary?.p99)))
            members.append(.init("max", JSONValue(summary?.maximum)))
        case .category(let levels):
            members.append(.init("type", "category"))
            members.append(.init("unseen", refusesUnseen ? "refuse" : "ignore"))
            members.append(.init("levels", JSONValue(levels)))
        }
        switch effect {
        case .number(let weight, let mean):
            members.append(.init("weight", JSONValue(weight)))
            members.append(.init("mean", JSONValue(mean)))
        case .category(let weights, let shares):
            members.append(.init("weights", JSONValue(weights)))
            members.append(.init("shares", JSONValue(shares)))
        }
        return .object(members)
    }

    /// Reads what `json` wrote.
    static func read(
        _ reader: consuming MemberReader
    ) throws(ModelFileError) -> (Feature, LogisticParameters.Effect) {
        var title = try reader.object("title")
        let titles = Title(english: try title.string("en"), russian: try title.string("ru"))
        try title.finish()
        var feature = Feature(
            name: try reader.string("name"), title: titles, unit: try reader.optionalString("unit"),
            kind: .number(nil), missing: try reader.word("missing"), unused: try reader.optionalString("unused"))
        if feature.name.isEmpty { throw reader.fault("name", "is empty") }
        let effect: LogisticParameters.Effect
        switch try reader.string("type") {
        case "number": effect = try feature.readNumber(&reader)
        case "category": effect = try feature.readCategory(&reader)
        default: throw reader.fault("type", "is neither number nor category")
        }
        try reader.finish()
        return (feature, effect)
    }

    private mutating func readNumber(
        _ reader: inout MemberReader
    ) throws(ModelFileError) -> LogisticParameters.Effect {
        if missing == .level { throw reader.fault("missing", "is level, which a number does not have") }
        let names = ["min", "p01", "median", "p99", "max"]
        var values: [Double] = []
        for name in names { if let value = try reader.optionalNumber(name) { values.append(value) } }
        guard values.isEmpty || values.count == names.count, values == values.sorted() else {
            throw reader.fault("min", "and the quantiles up to max are not in order")
        }
        if values.count == names.count {
            kind = .number(
                NumberSummary(
                    minimum: values[0], maximum: values[4], median: values[2], p01: values[1], p99: values[3]))
        }
        return .number(weight: try reader.number("weight"), mean: try reader.number("mean"))
    }

    private mutating func readCategory(
        _ reader: inout MemberReader
    ) throws(ModelFileError) -> LogisticParameters.Effect {
        if missing == .zero { throw reader.fault("missing", "is zero, which a category does not have") }
        let levels = try reader.strings("levels")
        kind = .category(levels: levels)
        guard Set(levels.map { Array($0.utf8) }).count == levels.count else {
            throw reader.fault("levels", "names one twice")
        }
        switch try reader.string("unseen") {
        case "ignore": refusesUnseen = false
        case "refuse": refusesUnseen = true
        default: throw reader.fault("unseen", "is neither ignore nor refuse")
        }
        let weights = try reader.numbers("weights")
        let shares = try reader.numbers("shares")
        guard weights.count == columnCount, shares.count == columnCount else {
            throw reader.fault("weights", "and shares are not one for each level")
        }
        return .category(weights: weights, shares: shares)
    }
}
