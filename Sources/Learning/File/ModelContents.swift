/// Everything that a model file says.
public struct ModelContents: Sendable, Equatable {
    public var features: [Feature]
    public var parameters: LogisticParameters
    public var threshold: Threshold
    /// Over which time the label looks, if the training data says.
    public var definition: Definition?
    /// What the label means in days; nil when nobody said.
    public var horizonDays: Int?
    public var seed: Int
    /// What offers cost and save, if somebody said.
    package var costs: Costs?
    /// How certain the effects are; nil in files from before that was kept.
    package var inference: Inference?
    package var calibration: Calibration?
    package var penalty: Penalty
    package var solver: SolverReport
    package var data: DataCard
    package var split: Split
    /// On rows that the fit did not see.
    package var quality: Quality
    package var curves: Curves
    /// Rows with the probabilities that every reader of the file has to reproduce.
    package var golden: [GoldenRow]

    package init(
        features: [Feature], parameters: LogisticParameters, threshold: Threshold, definition: Definition?,
        horizonDays: Int?, seed: Int, calibration: Calibration? = nil, penalty: Penalty, solver: SolverReport,
        data: DataCard, split: Split, quality: Quality, curves: Curves
    ) {
        self.features = features
        self.parameters = parameters
        self.threshold = threshold
        self.definition = definition
        self.horizonDays = horizonDays
        self.seed = seed
        self.calibration = calibration
        self.penalty = penalty
        self.solver = solver
        self.data = data
        self.split = split
        self.quality = quality
        self.curves = curves
        golden = []
    }

    /// The model that these contents describe.
    package var model: LogisticModel {
        LogisticModel(
            schema: FeatureSchema(features), parameters: parameters, threshold: threshold, horizonDays: horizonDays)
    }
}
