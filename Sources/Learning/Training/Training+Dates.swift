extension Training {
    /// Trains on the earlier dates of a sample, chooses on the last but one, judges on the last.
    ///
    /// A horizon lies between the three parts, so that no label of one looks into the next. The model judged is the model
    /// served: there is no fit on all rows afterwards.
    package static func train(
        _ sample: SnapshotSample, _ definition: Definition, _ settings: TrainingSettings
    ) throws(TrainingError) -> TrainingResult {
        let table = sample.table
        let (training, validation, test) = try parts(sample, definition)
        let rows = sample.rows(training)
        let validationRows = sample.rows(validation..<validation + 1)
        let testRows = sample.rows(test..<test + 1)
        try requireBothClasses(table, rows, "the training part")
        try requireBothClasses(table, validationRows, "the validation date")

        let encoded = EncodedTable(table, try table.schema(settings.schema, rows: rows))
        var warnings = try separation(encoded, table.labels, rows, settings)
        let validationLabels = validationRows.map { table.labels[Int($0)] }
        var start: [Double]?
        let choice = try choose(settings, validationLabels) { lambda throws(TrainingError) in
            let fit = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: lambda, start: start)
            start = fit.solution.parameters
            return fit.model(encoded.schema).probabilities(encoded, rows: validationRows)
        }
        let fit = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: choice.penalty.lambda)
        let threshold = Threshold(settings.threshold, on: RankedScores(choice.probabilities, validationLabels))

        let probabilities = fit.model(encoded.schema).probabilities(encoded, rows: testRows)
        let testLabels = testRows.map { table.labels[Int($0)] }
        let quality = Quality(probabilities, testLabels, threshold: threshold.value)
        warnings += judge(quality, choice.penalty)
        let contents = ModelContents(
            features: features(encoded.schema, fit), parameters: fit.parameters, threshold: threshold,
            definition: definition, horizonDays: definition.horizonDays, seed: settings.seed, penalty: choice.penalty,
            solver: report(fit),
            data: DataCard(
                source: .simulation, rows: table.count, customers: table.customerCount, churned: table.churned,
                sha256: sample.sha256),
            split: Split(
                train: table.part(rows, dates: sample.names(training)),
                validation: table.part(validationRows, dates: sample.names(validation..<validation + 1)),
                test: table.part(testRows, dates: sample.names(test..<test + 1)),
                embargoDays: definition.horizonDays),
            quality: quality, curves: Curves(RankedScores(probabilities, testLabels)))
        return TrainingResult(
            file: ModelFile(contents), standardised: fit.standardised,
            validation: Quality(choice.probabilities, validationLabels, threshold: threshold.value), warnings: warnings)
    }

    /// The places of the dates of each part: all training dates, the validation date, the test date.
    private static func parts(
        _ sample: SnapshotSample, _ definition: Definition
    ) throws(TrainingError) -> (training: Range<Int>, validation: Int, test: Int) {
        let days = sample.days
        let test = days.count - 1
        guard let last = days.last,
            let validation = days.lastIndex(where: { $0 <= last - definition.horizonDays }),
            let training = days.lastIndex(where: { $0 <= days[validation] - definition.horizonDays })
        else { throw .setting("\(days.count) dates are too few for training, validation and test") }
        return (0..<training + 1, validation, test)
    }

    private static func requireBothClasses(
        _ table: RawTable, _ rows: [Int32], _ part: String
    ) throws(TrainingError) {
        let churned = rows.count { table.labels[Int($0)] }
        guard churned > 0, churned < rows.count else {
            throw .oneClassPart(part: part, rows: rows.count, churned: churned)
        }
    }
}
