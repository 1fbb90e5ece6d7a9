import Learning

/// What `churn train` was told.
package struct TrainRequest: Sendable {
    /// Where the data is.
    package enum Source: Sendable {
        case csv(TableFile)
        case database(SnapshotChoice)
    }

    /// A CSV file with a row for each customer.
    package struct TableFile: Sendable {
        let path: String
        let layout: CSVLayout
        let horizonDays: Int?

        /// - Parameter horizon: what the label means, as a number of days.
        package init(
            path: String, label: String, positive: String, id: String?, features: [String]?, categorical: [String],
            horizon: String?
        ) throws(CommandError) {
            self.path = path
            layout = CSVLayout(label: label, positive: positive, id: id, features: features, categorical: categorical)
            horizonDays = try horizon.map { text throws(CommandError) in
                try CommandText.days(text, option: "--horizon")
            }
        }
    }

    let source: Source
    let fit: FitRequest
    /// `COLUMN=POLICY` each.
    let missing: [String]
    let unseen: String
    let threshold: String
    let costs: CostRequest
    let seed: Int
    let output: String?

    package init(
        _ source: Source, fit: FitRequest, missing: [String], unseen: String, threshold: String, costs: CostRequest,
        seed: Int, output: String?
    ) {
        self.source = source
        self.fit = fit
        self.missing = missing
        self.unseen = unseen
        self.threshold = threshold
        self.costs = costs
        self.seed = seed
        self.output = output
    }
}

extension TrainRequest {
    /// The settings that were asked for, the data apart.
    func settings() throws(CommandError) -> TrainingSettings {
        var settings = TrainingSettings()
        try fit.apply(to: &settings)
        let threshold = try ThresholdRequest(threshold)
        settings.threshold = threshold.rule
        settings.capacity = threshold.capacity
        settings.costs = try costs.costs()
        if threshold.rule == .profit, settings.costs == nil {
            throw CommandError(.usage, "--threshold profit needs --customer-value and --offer-cost")
        }
        guard (0...1 << 53).contains(seed) else { throw CommandError(.usage, "--seed must be from 0 to 2^53") }
        settings.seed = seed
        guard ["warn", "refuse"].contains(unseen) else { throw CommandError(.usage, "--unseen must be warn or refuse") }
        settings.schema.refusesUnseen = unseen == "refuse"
        for entry in missing {
            guard let sign = entry.lastIndex(of: "="),
                let policy = MissingPolicy(rawValue: String(entry[entry.index(after: sign)...]))
            else { throw CommandError(.usage, "--missing must be COLUMN=zero, mean, level or refuse") }
            settings.schema.missing[String(entry[..<sign])] = policy
        }
        return settings
    }
}
