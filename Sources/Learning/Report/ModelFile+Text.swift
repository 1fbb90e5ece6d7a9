extension ModelFile {
    /// What a person wants to know of a model: data, quality, threshold, weights.
    package var lines: [String] {
        let share = fixed(100 * Double(contents.data.churned) / Double(contents.data.rows), decimals: 1)
        let horizon = contents.horizonDays.map { "within \($0) days" } ?? "(the data does not say within what time)"
        var lines = [
            "Says who leaves \(horizon).",
            "Learnt from \(contents.data.rows) rows of \(contents.data.customers) customers (source:"
                + " \(contents.data.source.rawValue)), \(share) % of which churned.",
        ]
        lines += dates
        lines.append("")
        lines.append(contents.split.folds.map { "Quality, out of fold (\($0) folds):" } ?? "Quality on the test dates:")
        lines += contents.quality.lines
        let threshold = contents.threshold
        lines += [
            "",
            "Threshold \(fixed(threshold.value)) (rule \(threshold.rule.rawValue)): from there on churn and high risk,"
                + " from \(fixed(threshold.medium)) medium.", "", "Weights, per unit:",
        ]
        return lines + weights
    }

    private var dates: [String] {
        func line(_ name: String, _ part: Split.Part?) -> String? {
            guard let part, let first = part.dates.first, let last = part.dates.last else { return nil }
            return "\(name): \(first == last ? first : "\(first) to \(last)"), \(part.rows) rows"
        }
        let split = contents.split
        return [line("Train", split.train), line("Validation", split.validation), line("Test", split.test)]
            .compactMap { $0 }
    }

    private var weights: [String] {
        var table = TextTable()
        for (feature, effect) in zip(contents.features, contents.parameters.effects) {
            let remark = feature.unused.map { "not used: \($0)" } ?? feature.unit ?? ""
            switch effect {
            case .number(let weight, _): table.add(feature.name, shortText(weight), remark)
            case .category(let weights, let shares):
                let center = effect.atMean
                for (level, weight) in weights.enumerated() where shares[level] > 0 {
                    let name = level < feature.levels.count ? feature.levels[level] : "(missing)"
                    table.add("\(feature.name) = \(name)", shortText(weight - center), remark)
                }
            }
        }
        return table.lines
    }
}
