/// How to train, the data apart.
package struct TrainingSettings: Sendable {
    package var schema = SchemaSettings()
    /// The L2 penalty λ, 0 for none; nil chooses it on rows that the fit does not see.
    package var lambda: Double?
    package var threshold = Threshold.Rule.f1
    /// Kept in the file; this fit draws no random numbers.
    package var seed = 1
    /// What the label of a CSV means in days, if somebody knows.
    package var horizonDays: Int?

    package init() {}
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
}
