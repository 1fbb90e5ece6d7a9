import Digest

/// A training run: data and settings in, a model file out; the same ones give the same bytes.
package enum Training {
    private static let rowsMin = 10

    /// Trains on a CSV text: quality out-of-fold, weights from all rows.
    package static func train(
        csv bytes: Span<UInt8>, _ layout: CSVLayout, _ settings: TrainingSettings
    ) throws(TrainingError) -> TrainingResult {
        try train(
            try RawTable(csv: bytes, layout), layout, sha256: SHA256Digest(of: bytes).hexadecimal, settings)
    }

    /// Trains on a table that was read from CSV.
    ///
    /// - Parameter sha256: of the file, in hexadecimal.
    package static func train(
        _ table: consuming RawTable, _ layout: CSVLayout, sha256: String, _ settings: TrainingSettings
    ) throws(TrainingError) -> TrainingResult {
        var table = table
        guard table.count >= rowsMin else { throw .tooFewRows(rows: table.count, needed: rowsMin) }
        let encoded = EncodedTable(table, try table.schema(settings.schema))
        table.lines = []  // From here on nothing is wrong with a line.
        let rows = Array(0..<Int32(table.count))
        var warnings = try separation(encoded, table.labels, rows, settings)

        let folds = CrossValidation.folds(of: table.customers)
        let choice = try choose(encoded, table.labels, folds, settings)
        let fit = try LogisticFit(
            encoded, labels: table.labels, rows: rows, lambda: choice.penalty.lambda, settings.fit)
        let calibrated = CalibrationChoice(
            choice.logits, table.labels, folds: folds, isAlways: settings.fit.classWeight == .balanced)
        var contents = ModelContents(
            features: features(encoded.schema, fit), parameters: fit.parameters(calibratedBy: calibrated.calibration),
            settings: settings, definition: nil, penalty: choice.penalty, solver: report(fit),
            data: DataCard(table, layout, sha256: sha256),
            split: Split(train: table.part(rows), folds: CrossValidation.folds))
        contents.calibration = calibrated.calibration
        contents.inference = Inference(
            refitting: encoded, labels: table.labels, customers: table.customers, rows: rows,
            runner: settings.fit.runner)
        contents.threshold = settings.threshold(on: RankedScores(calibrated.probabilities, table.labels))
        warnings = contents.judge(calibrated.probabilities, table.labels) + warnings
        return TrainingResult(
            file: ModelFile(contents), standardised: fit.standardised(calibratedBy: calibrated.calibration),
            validation: contents.quality, warnings: warnings)
    }

    /// The penalty and the logits out of fold; the lists of the folds' rows are gone afterwards.
    private static func choose(
        _ table: EncodedTable, _ labels: [Bool], _ folds: [UInt8], _ settings: TrainingSettings
    ) throws(TrainingError) -> LambdaSearch.Choice {
        var fits = try CrossValidation(table, labels: labels, folds: folds, settings.fit)
        return try choose(settings, labels) { lambda throws(TrainingError) in try fits.logits(lambda: lambda) }
    }
}

extension DataCard {
    fileprivate init(_ table: RawTable, _ layout: CSVLayout, sha256: String) {
        self.init(
            source: .csv, label: layout.label, positive: layout.positive, id: layout.id, rows: table.count,
            customers: table.customerCount, churned: table.churned, sha256: sha256)
    }
}
