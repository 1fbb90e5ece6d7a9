import Learning

/// What a model makes of a numeric feature, told in a step that people would take: "+10 days: odds × 1.4".
package struct FeatureEffect: Sendable, Equatable {
    /// The feature's place in the schema.
    package var feature: Int
    /// A round number near the spread of the values, in the feature's own unit.
    package var step: Double
    /// What the step adds to the logit.
    package var logit: Double
    /// What a standard deviation adds to the logit, without sign: how much the feature sets customers apart.
    package var spread: Double
    /// The probability of a customer at the training means, before and after the step.
    package var before: Double
    package var after: Double

    package var oddsRatio: Double { Elementary.exp(logit) }

    /// - Parameters:
    ///   - base: the logit at the training means.
    ///   - deviation: the standard deviation of the feature; nil where it is unknown or 0.
    ///   - isWhole: whether its values are whole numbers, so that less than 1 is no step.
    package init(feature: Int, weight: Double, base: Double, deviation: Double?, isWhole: Bool) {
        self.feature = feature
        let deviation = deviation.flatMap { $0 > 0 && $0.isFinite ? $0 : nil } ?? 1
        let step = RoundNumber.nearest(deviation)
        self.step = isWhole ? max(1, step) : step
        // Nobody's odds change by more than that, and a drawing needs a number.
        logit = min(max(weight * self.step, -700), 700)
        spread = abs(weight) * deviation
        before = Elementary.sigmoid(base)
        after = Elementary.sigmoid(base + logit)
    }
}
