/// A logistic regression as it serves: raw inputs in, probability and exact contributions out, no allocation.
///
/// logit = base + c₀ + c₁ + …, in schema order, where c = weight · (x - mean) of a number and a looked-up constant of a
/// category. Every way of scoring adds the same terms in this order, so that all give the same bits.
public final class LogisticModel: Sendable {
    /// How scoring a row ended.
    public enum Outcome: Sendable, Equatable {
        case scored
        /// `encoder.encode` of at least one feature is `.refused`; the outputs of the row are not to be used.
        case refused
        /// An input is so large that its contribution or the sum leaves the range of Double.
        case overflow
    }

    struct Term: Sendable {
        var weight: Double
        var mean: Double
        /// Where the contributions of a category's levels start; -1 for a number.
        var levels: Int
    }

    public let schema: FeatureSchema
    public let parameters: LogisticParameters
    public let threshold: Threshold
    /// What the label means in days; nil when the training data does not say.
    public let horizonDays: Int?
    public let encoder: FeatureEncoder
    /// The logit at the training means.
    public let base: Double
    let terms: [Term]
    let levelContributions: [Double]

    /// - Parameter parameters: one effect for each feature, with as many weights as the feature has columns.
    public init(
        schema: FeatureSchema, parameters: LogisticParameters, threshold: Threshold, horizonDays: Int? = nil
    ) {
        precondition(parameters.effects.count == schema.count, "one effect for each feature")
        self.schema = schema
        self.parameters = parameters
        self.threshold = threshold
        self.horizonDays = horizonDays
        encoder = FeatureEncoder(schema)
        base = parameters.base
        var terms: [Term] = []
        var levels: [Double] = []
        for (feature, effect) in zip(schema.features, parameters.effects) {
            switch effect {
            case .number(let weight, let mean):
                precondition(!feature.isCategory, "\(feature.name) is a category")
                terms.append(Term(weight: weight, mean: mean, levels: -1))
            case .category(let weights, _):
                precondition(feature.isCategory && weights.count == feature.columnCount, "\(feature.name): its levels")
                terms.append(Term(weight: 0, mean: 0, levels: levels.count))
                let center = effect.atMean
                levels.append(contentsOf: weights.map { $0 - center })
            }
        }
        self.terms = terms
        levelContributions = levels
    }

    /// Scores the inputs of `row` and leaves logit, probability and contributions in it.
    public func score(_ row: inout FeatureRow) -> Outcome {
        precondition(row.count == terms.count, "a row of \(row.count) features for a model of \(terms.count)")
        var logit = base
        for feature in 0..<terms.count {
            guard let contribution = contribution(encoder.encode(row, feature), terms[feature]) else { return .refused }
            row.setContribution(feature, contribution)
            logit += contribution
        }
        guard logit.isFinite else { return .overflow }
        row.logit = logit
        row.probability = Self.probability(logit)
        return .scored
    }

    /// What an encoded input adds to the logit; nil when it is refused.
    @inline(__always)
    func contribution(_ encoded: FeatureEncoder.Encoded, _ term: Term) -> Double? {
        switch encoded {
        case .value(let value):
            precondition(term.levels < 0, "a number was set for a category")
            return term.weight * (value - term.mean)
        case .level(let level):
            precondition(term.levels >= 0, "a level was set for a number")
            return levelContributions[term.levels + level]
        case .nothing: return 0
        case .refused: return nil
        }
    }

    /// 1 / (1 + exp(-logit)), the same on every machine.
    public static func probability(_ logit: Double) -> Double { Elementary.sigmoid(logit) }
}
