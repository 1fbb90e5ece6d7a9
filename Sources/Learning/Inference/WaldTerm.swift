/// One effect of a refit without a penalty, with its standard error.
package struct WaldTerm: Sendable, Equatable {
    /// The level of a category; nil for a number.
    package var level: String?
    /// Per unit of a number; of a level against the mean of the category's levels.
    package var weight: Double
    package var standardError: Double
    /// The standard deviation of the number in the training rows; nil for a level.
    package var deviation: Double?

    package init(level: String? = nil, weight: Double, standardError: Double, deviation: Double? = nil) {
        self.level = level
        self.weight = weight
        self.standardError = standardError
        self.deviation = deviation
    }

    /// Nil where the error is 0.
    package var z: Double? { standardError > 0 ? weight / standardError : nil }
    /// How likely so large an effect is where there is none.
    package var p: Double? { z.map(NormalDistribution.twoSided) }
    /// By what the odds of leaving are multiplied, per unit or against the mean level.
    package var oddsRatio: Double { Elementary.exp(weight) }
    /// Its 95 % interval.
    package var oddsRatioLow: Double { Elementary.exp(weight - 1.959963984540054 * standardError) }
    package var oddsRatioHigh: Double { Elementary.exp(weight + 1.959963984540054 * standardError) }
    /// By what the odds are multiplied per standard deviation; nil for a level.
    package var oddsRatioOfDeviation: Double? { deviation.map { Elementary.exp(weight * $0) } }
}
