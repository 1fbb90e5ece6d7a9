/// One row of inputs with its probability: what a reader of a model file checks itself against.
package struct GoldenRow: Sendable, Equatable {
    package enum Input: Sendable, Equatable {
        case number(Double)
        case level(String)
        case missing
    }

    package var inputs: [Input]
    package var probability: Double

    package init(inputs: [Input], probability: Double) {
        self.inputs = inputs
        self.probability = probability
    }

    /// Sixteen rows made up from the schema alone, so that the file holds nobody's data.
    ///
    /// They walk through every summary of each number and every level, missing and unseen values where those are allowed.
    package static func rows(for model: LogisticModel) -> [GoldenRow] {
        let choices = model.schema.features.map(choices)
        return (0..<16).map { number in
            var row = GoldenRow(inputs: [], probability: 0)
            // Each feature walks at its own pace, so that rows combine different places of the lists.
            for (feature, list) in choices.enumerated() {
                row.inputs.append(list[(number + number / list.count * (feature + 1) + feature) % list.count])
            }
            row.probability = row.score(model) ?? 0
            return row
        }
    }

    private static func choices(_ feature: Feature) -> [Input] {
        var choices: [Input]
        switch feature.kind {
        case .number(let summary):
            choices =
                summary.map { [.number($0.median), .number($0.minimum), .number($0.p99), .number($0.maximum)] } ?? []
            if let summary { choices.append(.number(summary.p01)) }
            if choices.isEmpty { choices.append(.number(0)) }
        case .category(let levels):
            choices = levels.map(Input.level)
            if !feature.refusesUnseen { choices.append(.level("(unseen)")) }
        }
        if feature.missing != .refuse { choices.append(.missing) }
        return choices.isEmpty ? [.missing] : choices
    }

    /// The probability of the row; nil when the model refuses it.
    package func score(_ model: LogisticModel) -> Double? {
        guard inputs.count == model.schema.count else { return nil }
        var row = FeatureRow(count: inputs.count)
        for (feature, input) in inputs.enumerated() {
            switch input {
            case .missing: row.setMissing(feature)
            case .number(let number):
                guard number.isFinite, !model.schema.isCategory(feature) else { return nil }
                row.setNumber(feature, number)
            case .level(let name):
                guard model.schema.isCategory(feature) else { return nil }
                if let level = model.schema.index(ofLevel: Array(name.utf8).span, feature: feature) {
                    row.setLevel(feature, level)
                } else {
                    row.setUnseen(feature)
                }
            }
        }
        return model.score(&row) == .scored ? row.probability : nil
    }
}
