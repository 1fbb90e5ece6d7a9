extension Training {
    /// Trains on the earlier dates, chooses on a later one, judges on a later one still.
    ///
    /// A horizon lies between the three parts, so that no label of one looks into the next. The model judged is the model
    /// served: there is no fit on all rows afterwards.
    package static func train(
        _ data: DatedTable, _ settings: TrainingSettings
    ) throws(TrainingError) -> TrainingResult {
        let table = data.table
        let split = try DateSplit(
            data.days, horizonDays: data.definition.horizonDays, trainFrom: settings.trainFrom,
            testDay: settings.testDay)
        let rows = data.rows(split.training)
        let validation = Part(table, data.rows(split.validation..<split.validation + 1))
        let test = Part(table, data.rows(split.test..<split.test + 1))
        try requireBothClasses(Part(table, rows), "the training part")
        try requireBothClasses(validation, "the validation date")

        let encoded = EncodedTable(table, try table.schema(settings.schema, rows: rows))
        var warnings = try separation(encoded, table.labels, rows, settings)
        var start: [Double]?
        let choice = try choose(settings, validation.labels) { lambda throws(TrainingError) in
            let fit = try LogisticFit(
                encoded, labels: table.labels, rows: rows, lambda: lambda, start: start, settings.fit)
            start = fit.solution.parameters
            return fit.model(encoded.schema).logits(encoded, rows: validation.rows)
        }
        let fit = try LogisticFit(
            encoded, labels: table.labels, rows: rows, lambda: choice.penalty.lambda, settings.fit)
        let calibration = CalibrationChoice(
            choice.logits, validation.labels, folds: validation.rows.indices.map { UInt8($0 % CrossValidation.folds) },
            isAlways: settings.fit.classWeight == .balanced
        ).calibration
        var contents = ModelContents(
            features: features(encoded.schema, fit), parameters: fit.parameters(calibratedBy: calibration),
            settings: settings, definition: data.definition, penalty: choice.penalty, solver: report(fit),
            data: DataCard(data), split: split.card(data, rows, validation.rows, test.rows))
        contents.calibration = calibration
        contents.inference = Inference(
            refitting: encoded, labels: table.labels, customers: table.customers, rows: rows,
            runner: settings.fit.runner)
        // The probabilities of the model as it will serve, so that a threshold taken from one of them names that row.
        let chosen = contents.model.probabilities(encoded, rows: validation.rows)
        contents.threshold = settings.threshold(on: RankedScores(chosen, validation.labels))
        warnings = contents.judge(contents.model.probabilities(encoded, rows: test.rows), test.labels) + warnings
        return TrainingResult(
            file: ModelFile(contents), standardised: fit.standardised(calibratedBy: calibration),
            validation: contents.quality(chosen, validation.labels), warnings: warnings)
    }

    /// Rows of a table and what became of them.
    private struct Part {
        let rows: [Int32]
        let labels: [Bool]

        init(_ table: RawTable, _ rows: [Int32]) {
            self.rows = rows
            labels = rows.map { table.labels[Int($0)] }
        }
    }

    private static func requireBothClasses(_ part: Part, _ name: String) throws(TrainingError) {
        let churned = part.labels.count { $0 }
        guard churned > 0, churned < part.rows.count else {
            throw .oneClassPart(part: name, rows: part.rows.count, churned: churned)
        }
    }
}

extension DataCard {
    init(_ data: DatedTable) {
        self.init(
            source: data.source, rows: data.table.count, customers: data.table.customerCount,
            churned: data.table.churned, sha256: data.sha256)
    }
}

extension DateSplit {
    fileprivate func card(_ data: DatedTable, _ train: [Int32], _ chosen: [Int32], _ judged: [Int32]) -> Split {
        Split(
            train: data.table.part(train, dates: data.names(training)),
            validation: data.table.part(chosen, dates: data.names(validation..<validation + 1)),
            test: data.table.part(judged, dates: data.names(test..<test + 1)),
            embargoDays: data.definition.horizonDays)
    }
}
