/// How to train, the data apart.
package struct TrainingSettings: Sendable {
    package var schema = SchemaSettings()
    /// The strength λ of the penalty, 0 for none; nil chooses it on rows that the fit does not see.
    package var lambda: Double?
    /// The kind of penalty, how much rows count, and the threads.
    package var fit = FitSettings()
    package var threshold = Threshold.Rule.f1
    /// What offers cost and save; what the rule `profit` needs.
    package var costs: Costs?
    /// How many customers can be approached; what the rule `capacity` needs.
    package var capacity: Int?
    /// The first day to train on, since 1970-01-01; nil for the first there is.
    package var trainFrom: Int?
    /// The day to test on; nil for the last mature one.
    package var testDay: Int?
    /// Kept in the file; this fit draws no random numbers.
    package var seed = 1
    /// What the label of a CSV means in days, if somebody knows.
    package var horizonDays: Int?
    /// Is told how many λ of how many have been tried.
    package var progress: @Sendable (Int, Int) -> Void = { _, _ in }

    package init() {}

    /// Refuses settings that no data could fit.
    package func check() throws(TrainingError) {
        if let lambda, !(lambda >= 0 && lambda.isFinite) { throw .setting("λ must be a number from 0 on") }
        if !(0...1).contains(fit.l1Ratio) { throw .setting("the share of the absolute values must be from 0 to 1") }
        if let fault = costs?.fault { throw .setting(fault) }
        if threshold == .profit, costs == nil {
            throw .setting("the threshold rule profit needs the costs of an offer")
        }
        if threshold == .capacity, (capacity ?? 0) < 1 {
            throw .setting("the threshold rule capacity needs a number from 1 on")
        }
    }

    /// Chooses by the rule, on rows that the fit did not see.
    func threshold(on ranked: RankedScores) -> Threshold {
        Threshold(threshold, on: ranked, costs: costs, capacity: capacity)
    }
}

/// What a training run found.
package struct TrainingResult: Sendable {
    package let file: ModelFile
    /// The weights of each feature's columns on the standardised scale.
    package let standardised: [[Double]]
    /// On the rows that chose λ and threshold; the same as the file's where those also judged.
    package let validation: Quality
    /// Sentences for the person who started the run.
    package let warnings: [String]

    /// The same with more sentences, behind what was found: that a model is useless is said before all else.
    package func adding(_ more: [String]) -> TrainingResult {
        TrainingResult(file: file, standardised: standardised, validation: validation, warnings: warnings + more)
    }
}
