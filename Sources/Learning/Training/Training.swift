import Digest

/// A training run: data and settings in, a model file out; the same ones give the same bytes.
package enum Training {
    private static let rowsMin = 10

    /// Trains on a CSV text: quality out-of-fold, weights from all rows.
    package static func train(
        csv bytes: Span<UInt8>, _ layout: CSVLayout, _ settings: TrainingSettings
    ) throws(TrainingError) -> TrainingResult {
        let table = try RawTable(csv: bytes, layout)
        guard table.count >= rowsMin else { throw .tooFewRows(rows: table.count, needed: rowsMin) }
        let encoded = EncodedTable(table, try table.schema(settings.schema))
        let rows = Array(0..<Int32(table.count))
        var warnings = try separation(encoded, table.labels, rows, settings)

        var folds = try CrossValidation(
            encoded, labels: table.labels, folds: CrossValidation.folds(of: table.customers))
        let choice = try choose(settings, table.labels) { lambda throws(TrainingError) in
            try folds.probabilities(lambda: lambda)
        }
        let fit = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: choice.penalty.lambda)
        let ranked = RankedScores(choice.probabilities, table.labels)
        let threshold = Threshold(settings.threshold, on: ranked)
        let quality = Quality(choice.probabilities, table.labels, threshold: threshold.value)
        warnings += judge(quality, choice.penalty)
        let contents = ModelContents(
            features: features(encoded.schema, fit), parameters: fit.parameters, threshold: threshold, definition: nil,
            horizonDays: settings.horizonDays, seed: settings.seed, penalty: choice.penalty, solver: report(fit),
            data: DataCard(
                source: .csv, label: layout.label, positive: layout.positive, id: layout.id, rows: table.count,
                customers: table.customerCount, churned: table.churned, sha256: SHA256Digest(of: bytes).hexadecimal),
            split: Split(train: table.part(rows), folds: CrossValidation.folds), quality: quality,
            curves: Curves(ranked))
        return TrainingResult(
            file: ModelFile(contents), standardised: fit.standardised, validation: quality, warnings: warnings)
    }

    // MARK: Steps that every source of data shares

    /// Warns of columns that separate the classes; without a penalty they are an error.
    static func separation(
        _ table: EncodedTable, _ labels: [Bool], _ rows: [Int32], _ settings: TrainingSettings
    ) throws(TrainingError) -> [String] {
        let findings = SeparationCheck.findings(table, labels: labels, rows: rows)
        if settings.lambda == 0, !findings.isEmpty { throw .separable(columns: findings.map(\.text)) }
        return findings.map { "one class only: \($0.text)" }
    }

    static func choose(
        _ settings: TrainingSettings, _ labels: [Bool], _ probabilities: (Double) throws(TrainingError) -> [Double]
    ) throws(TrainingError) -> LambdaSearch.Choice {
        guard let lambda = settings.lambda else { return try LambdaSearch.choose(labels, probabilities) }
        guard lambda >= 0, lambda.isFinite else { throw .setting("--l2 takes a number that is not negative") }
        return LambdaSearch.Choice(penalty: Penalty(lambda: lambda), probabilities: try probabilities(lambda))
    }

    /// What the person should know of the outcome before anything else.
    static func judge(_ quality: Quality, _ penalty: Penalty) -> [String] {
        var warnings: [String] = []
        if let loss = quality.logLoss, let constant = quality.logLossConstant, loss >= constant {
            warnings.append("the model is no better than always saying the share of those who churned")
        }
        if penalty.isAtGridEdge { warnings.append("the best λ, \(penalty.lambda), is the last one of those tried") }
        return warnings
    }

    static func features(_ schema: FeatureSchema, _ fit: LogisticFit) -> [Feature] {
        zip(schema.features, fit.unused).map { feature, reason in
            var feature = feature
            feature.unused = reason
            return feature
        }
    }

    static func report(_ fit: LogisticFit) -> SolverReport {
        SolverReport(iterations: fit.solution.iterations, gradient: fit.solution.gradient)
    }
}

extension RawTable {
    /// The counts of `rows`.
    package func part(_ rows: [Int32], dates: [String] = []) -> Split.Part {
        Split.Part(
            dates: dates, rows: rows.count, customers: Set(rows.map { customers[Int($0)] }).count,
            churned: rows.count { labels[Int($0)] })
    }
}
