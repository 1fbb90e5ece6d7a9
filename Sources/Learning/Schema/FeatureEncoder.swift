/// The one function that turns a raw input into what a model computes with, for training and serving alike.
///
/// It depends on the schema only: a number that stands at the training mean is the same as no number, since every
/// contribution is counted from the mean.
public struct FeatureEncoder: Sendable {
    /// An input as a model sees it.
    public enum Encoded: Equatable, Sendable {
        case value(Double)
        /// The index of a weight of a category: a level, or the place behind the levels that stands for missing.
        case level(Int)
        /// As if at the training mean: it contributes 0.
        case nothing
        /// The schema does not allow the row.
        case refused
    }

    private struct Rule: Sendable {
        var missing: Encoded
        var unseen: Encoded
    }

    private let rules: [Rule]

    init(_ schema: FeatureSchema) {
        rules = schema.features.map { feature in
            let missing: Encoded =
                switch feature.missing {
                case .zero: .value(0)
                case .mean: .nothing
                case .level: .level(feature.levels.count)
                case .refuse: .refused
                }
            return Rule(missing: missing, unseen: feature.refusesUnseen ? .refused : .nothing)
        }
    }

    /// What a missing input of `feature` stands for.
    func missing(_ feature: Int) -> Encoded { rules[feature].missing }

    /// What a level of `feature` that training never saw stands for.
    func unseen(_ feature: Int) -> Encoded { rules[feature].unseen }

    /// What the input at `feature` of `row` stands for.
    public func encode(_ row: borrowing FeatureRow, _ feature: Int) -> Encoded {
        switch row.state(feature) {
        case .number: .value(row.number(feature))
        case .level: .level(row.level(feature))
        case .unseen: rules[feature].unseen
        case .absent, .missing: rules[feature].missing
        }
    }
}
