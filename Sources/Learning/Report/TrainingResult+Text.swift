extension TrainingResult {
    /// What `train` prints for a person.
    package var text: String {
        let contents = file.contents
        var lines: [String] = warnings.map { "warning: " + $0 }
        lines.append(headline(contents))
        lines.append("")
        lines.append(contents.split.folds.map { "Quality, out of fold (\($0) folds):" } ?? "Quality on the test dates:")
        lines += contents.quality.lines
        lines.append("")
        lines.append(
            "Threshold \(fixed(contents.threshold.value)) (rule \(contents.threshold.rule.rawValue)):"
                + " from there on churn and high risk, from \(fixed(contents.threshold.medium)) medium.")
        if let calibration = contents.calibration {
            let sign = calibration.intercept < 0 ? "-" : "+"
            lines.append(
                "Calibrated on rows that the fit had not seen: logit · \(fixed(calibration.slope, decimals: 3))"
                    + " \(sign) \(fixed(abs(calibration.intercept), decimals: 3)); log loss lower by"
                    + " \(fixed(calibration.logLossGain)) (standard error \(fixed(calibration.standardError))).")
        }
        lines.append("")
        lines.append("Weights, largest effect first (per unit; per standard deviation):")
        lines += weights(contents)
        return lines.joined(separator: "\n") + "\n"
    }

    private func headline(_ contents: ModelContents) -> String {
        let data = contents.data
        let share = fixed(100 * Double(data.churned) / Double(data.rows), decimals: 1)
        let penalty = contents.penalty.lambda > 0 ? "L2 \(shortText(contents.penalty.lambda))" : "no penalty"
        return "Model \(file.version): logistic, \(penalty), \(contents.solver.iterations) steps,"
            + " from \(data.rows) rows of \(data.customers) customers, \(share) % of which churned."
    }

    private func weights(_ contents: ModelContents) -> [String] {
        var rows: [(name: String, weight: String, standardised: Double)] = []
        var unused: [String] = []
        for (index, feature) in contents.features.enumerated() {
            if let reason = feature.unused { unused.append("  \(feature.name): not used, \(reason)") }
            switch contents.parameters.effects[index] {
            case .number(let weight, _):
                rows.append((feature.name, shortText(weight), standardised[index][0]))
            case .category(let weights, let shares):
                let center = contents.parameters.effects[index].atMean
                for (level, weight) in weights.enumerated() where shares[level] > 0 {
                    let name = level < feature.levels.count ? feature.levels[level] : "(missing)"
                    rows.append(
                        ("\(feature.name) = \(name)", shortText(weight - center), standardised[index][level]))
                }
            }
        }
        rows.sort { abs($0.standardised) > abs($1.standardised) }
        var table = TextTable()
        for row in rows where row.standardised != 0 {
            table.add(row.name, row.weight, fixed(row.standardised, decimals: 3))
        }
        return table.lines + unused
    }
}
