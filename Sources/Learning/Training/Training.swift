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

        let folds = CrossValidation.folds(of: table.customers)
        var fits = try CrossValidation(encoded, labels: table.labels, folds: folds)
        let choice = try choose(settings, table.labels) { lambda throws(TrainingError) in
            try fits.logits(lambda: lambda)
        }
        let fit = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: choice.penalty.lambda)
        let calibrated = CalibrationChoice(choice.logits, table.labels, folds: folds)
        var contents = ModelContents(
            features: features(encoded.schema, fit), parameters: fit.parameters(calibratedBy: calibrated.calibration),
            settings: settings, definition: nil, penalty: choice.penalty, solver: report(fit),
            data: DataCard(table, layout, sha256: SHA256Digest(of: bytes).hexadecimal),
            split: Split(train: table.part(rows), folds: CrossValidation.folds))
        contents.calibration = calibrated.calibration
        contents.inference = Inference(
            refitting: encoded, labels: table.labels, customers: table.customers, rows: rows)
        contents.threshold = settings.threshold(on: RankedScores(calibrated.probabilities, table.labels))
        warnings = contents.judge(calibrated.probabilities, table.labels) + warnings
        return TrainingResult(
            file: ModelFile(contents), standardised: fit.standardised(calibratedBy: calibrated.calibration),
            validation: contents.quality, warnings: warnings)
    }
}

extension DataCard {
    fileprivate init(_ table: RawTable, _ layout: CSVLayout, sha256: String) {
        self.init(
            source: .csv, label: layout.label, positive: layout.positive, id: layout.id, rows: table.count,
            customers: table.customerCount, churned: table.churned, sha256: sha256)
    }
}
