package import Learning

extension JudgedModel {
    /// Judges a model on the very file that taught it: each row by a fit on the folds without it, as training did.
    ///
    /// - Parameter table: the training file as it was read for training: the model's features, in their order.
    package init(outOfFold model: ModelFile, _ table: RawTable, costs: Costs? = nil) throws(TrainingError) {
        let contents = model.contents
        var folds = try CrossValidation(
            EncodedTable(table, model.model.schema), labels: table.labels,
            folds: CrossValidation.folds(of: table.customers))
        let logits = try folds.logits(lambda: contents.penalty.lambda)
        let (slope, intercept) = (contents.calibration?.slope ?? 1, contents.calibration?.intercept ?? 0)
        let probabilities = logits.map { LogisticModel.probability(slope * $0 + intercept) }
        let rows = ReportRows(table, features: contents.features, probabilities: probabilities)
        self.init(
            model: model, basis: .outOfFold(folds: CrossValidation.folds), rows: rows,
            judgement: ModelJudgement(
                probabilities, rows.labels, threshold: contents.threshold, costs: costs,
                recency: table.numbers(Baselines.recencyFeature)))
    }
}
