/// What a person may say about the features of a model; the data says the rest.
package struct SchemaSettings: Sendable {
    /// By feature name.
    package var missing: [String: MissingPolicy] = [:]
    /// Whether a level that training never saw is refused.
    package var refusesUnseen = false
    package var titles: [String: Feature.Title] = [:]
    package var units: [String: String] = [:]

    package init() {}
}

extension RawTable {
    /// The schema of the columns: kinds, summaries and levels from the values, policies from `settings`.
    ///
    /// A number without a policy takes the training mean; a category takes a level of its own if a row missed it, and
    /// refuses otherwise.
    /// - Parameter rows: the training rows, from which numbers are summarised; nil for all.
    package func schema(
        _ settings: SchemaSettings, rows: [Int32]? = nil
    ) throws(TrainingError) -> FeatureSchema {
        for name in settings.missing.keys.sorted() where !columns.contains(where: { $0.name == name }) {
            throw .setting("--missing names \(name), which is not a feature")
        }
        var features: [Feature] = []
        for column in columns { features.append(try feature(column, settings, rows)) }
        return FeatureSchema(features)
    }

    private func feature(
        _ column: RawColumn, _ settings: SchemaSettings, _ rows: [Int32]?
    ) throws(TrainingError) -> Feature {
        let asked = settings.missing[column.name]
        let kind: Feature.Kind
        let policy: MissingPolicy
        switch column.values {
        case .numbers(let numbers):
            let chosen = rows.map { $0.map { numbers[Int($0)] } } ?? numbers
            kind = .number(NumberSummary(of: chosen.filter { !$0.isNaN }))
            policy = asked ?? .mean
            if policy == .level { throw .setting("\(column.name) is a number: --missing takes zero, mean or refuse") }
        case .levels(let levels, let names):
            kind = .category(levels: names)
            policy = asked ?? (levels.contains { $0 < 0 } ? .level : .refuse)
            if policy == .zero { throw .setting("\(column.name) is a category: --missing takes level, mean or refuse") }
        }
        if policy == .refuse, let row = column.firstMissing {
            throw .missingValue(column: column.name, line: lines.isEmpty ? row + 1 : lines[row])
        }
        return Feature(
            name: column.name, title: settings.titles[column.name], unit: settings.units[column.name], kind: kind,
            missing: policy, refusesUnseen: settings.refusesUnseen && column.isCategory)
    }
}

extension RawColumn {
    fileprivate var isCategory: Bool {
        if case .levels = values { return true }
        return false
    }
}
