/// Steps that every source of data shares.
extension Training {
    /// Warns of columns that separate the classes; without a penalty they are an error.
    static func separation(
        _ table: EncodedTable, _ labels: [Bool], _ rows: [Int32], _ settings: TrainingSettings
    ) throws(TrainingError) -> [String] {
        let findings = SeparationCheck.findings(table, labels: labels, rows: rows)
        if settings.lambda == 0, !findings.isEmpty { throw .separable(columns: findings.map(\.text)) }
        return findings.map { "one class only: \($0.text)" }
    }

    /// The penalty and the logits of the rows held out.
    static func choose(
        _ settings: TrainingSettings, _ labels: [Bool], _ logits: (Double) throws(TrainingError) -> [Double]
    ) throws(TrainingError) -> LambdaSearch.Choice {
        try settings.check()
        guard let lambda = settings.lambda else {
            return try LambdaSearch.choose(
                labels, l1Ratio: settings.fit.l1Ratio, progress: settings.progress, logits)
        }
        return LambdaSearch.Choice(
            penalty: Penalty(lambda: lambda, l1Ratio: settings.fit.l1Ratio), logits: try logits(lambda))
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

extension LogisticFit {
    /// The weights with the calibration, if there is one, folded in.
    func parameters(calibratedBy calibration: Calibration?) -> LogisticParameters {
        guard let calibration else { return parameters }
        return parameters.calibrated(slope: calibration.slope, intercept: calibration.intercept)
    }

    /// The weights on the standardised scale with the calibration folded in.
    func standardised(calibratedBy calibration: Calibration?) -> [[Double]] {
        guard let slope = calibration?.slope else { return standardised }
        return standardised.map { $0.map { slope * $0 } }
    }
}

extension ModelContents {
    /// What is known before anything was judged.
    init(
        features: [Feature], parameters: LogisticParameters, settings: TrainingSettings, definition: Definition?,
        penalty: Penalty, solver: SolverReport, data: DataCard, split: Split
    ) {
        self.init(
            features: features, parameters: parameters, threshold: Threshold(rule: .half, value: 0.5),
            definition: definition, horizonDays: definition?.horizonDays ?? settings.horizonDays, seed: settings.seed,
            penalty: penalty, solver: solver, data: data, split: split, quality: Quality([], [], threshold: 0.5),
            curves: Curves(RankedScores([], [])))
        costs = settings.costs
    }

    func quality(_ probabilities: [Double], _ labels: [Bool]) -> Quality {
        Quality(probabilities, labels, threshold: threshold.value, costs: costs)
    }

    /// Takes quality and curves from rows that the fit did not see.
    ///
    /// - Returns: what the person should know of the outcome before anything else.
    mutating func judge(_ probabilities: [Double], _ labels: [Bool]) -> [String] {
        quality = quality(probabilities, labels)
        curves = Curves(RankedScores(probabilities, labels))
        var warnings: [String] = []
        if quality.isNoBetterThanConstant { warnings.append(Quality.uselessness) }
        if penalty.isAtGridEdge { warnings.append("the best λ, \(penalty.lambda), is the last one of those tried") }
        return warnings
    }
}
