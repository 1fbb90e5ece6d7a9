/// What a fit learnt, in the units of the raw inputs: logit = intercept + the sum of weight · x.
public struct LogisticParameters: Sendable, Equatable {
    /// The weights of one feature, with the training means from which its contributions are counted.
    public enum Effect: Sendable, Equatable {
        case number(weight: Double, mean: Double)
        /// One weight a level, one more where missing is a level, and as many shares of the training rows.
        case category(weights: [Double], shares: [Double])

        /// weight · mean.
        package var atMean: Double {
            switch self {
            case .number(let weight, let mean): return weight * mean
            case .category(let weights, let shares):
                var sum = 0.0
                for (weight, share) in zip(weights, shares) { sum += weight * share }
                return sum
            }
        }
    }

    /// The logit where every number and every level's indicator is 0.
    public var intercept: Double
    /// The logit at the training means: what the contributions are added to.
    public var base: Double
    /// One for each feature of the schema.
    public var effects: [Effect]

    package init(intercept: Double, effects: [Effect]) {
        self.intercept = intercept
        self.effects = effects
        var base = intercept
        for effect in effects { base += effect.atMean }
        self.base = base
    }

    package init(intercept: Double, base: Double, effects: [Effect]) {
        self.intercept = intercept
        self.base = base
        self.effects = effects
    }
}
