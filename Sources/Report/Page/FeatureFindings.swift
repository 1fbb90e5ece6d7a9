import Learning

/// What the rows say of each feature, worked out once for the sections that tell it.
struct FeatureFindings: Sendable {
    struct Number: Sendable {
        let feature: Feature
        let distribution: Distribution
        let effect: FeatureEffect
        /// Of the odds ratio of the step, from the refit without a penalty; nil where there is none.
        let interval: ClosedRange<Double>?
    }

    struct Category: Sendable {
        let feature: Feature
        let levels: [LevelCount]
        /// The standard deviation of the levels' contributions over the training rows.
        let spread: Double
        /// Of the odds ratio of each level, from the refit without a penalty.
        let intervals: [LevelCount.Level: ClosedRange<Double>]
    }

    /// Both with the largest effect first.
    let numbers: [Number]
    let categories: [Category]
    let inference: Inference?
    let rows: Int
    /// The probability of a customer at the training means.
    let average: Double

    init(_ judged: JudgedModel) {
        let contents = judged.contents
        let rows = judged.rows
        var numbers: [Number] = []
        var categories: [Category] = []
        for (place, (feature, effect)) in zip(contents.features, contents.parameters.effects).enumerated() {
            let terms = contents.inference?.effects.first { $0.feature == feature.name }?.terms ?? []
            switch (feature.kind, effect) {
            case (.number(let summary), .number(let weight, _)):
                let distribution = Distribution(rows.numbers(place), rows.labels, trainedOn: summary)
                let effect = FeatureEffect(
                    feature: place, weight: weight, base: contents.parameters.base,
                    deviation: distribution.deviation, isWhole: distribution.isWhole)
                numbers.append(
                    Number(
                        feature: feature, distribution: distribution, effect: effect,
                        interval: terms.first??.oddsInterval(step: effect.step)))
            case (.category, .category(let weights, let shares)):
                let levels = LevelCount.all(feature, effect, rows.levels(place), rows.labels)
                categories.append(
                    Category(
                        feature: feature, levels: levels, spread: Self.spread(weights, shares),
                        intervals: Self.intervals(feature, terms)))
            default: break
            }
        }
        self.numbers = numbers.sorted { $0.effect.spread > $1.effect.spread }
        self.categories = categories.sorted { $0.spread > $1.spread }
        self.rows = rows.count
        inference = contents.inference
        average = Elementary.sigmoid(contents.parameters.base)
    }

    private static func intervals(
        _ feature: Feature, _ terms: [WaldTerm?]
    ) -> [LevelCount.Level: ClosedRange<Double>] {
        var intervals: [LevelCount.Level: ClosedRange<Double>] = [:]
        for (place, term) in terms.enumerated() {
            let level = place < feature.levels.count ? LevelCount.Level.known(feature.levels[place]) : .missing
            intervals[level] = term?.oddsInterval(step: 1)
        }
        return intervals
    }

    private static func spread(_ weights: [Double], _ shares: [Double]) -> Double {
        var (mean, square) = (0.0, 0.0)
        for (weight, share) in zip(weights, shares) {
            mean += share * weight
            square += share * weight * weight
        }
        return max(0, square - mean * mean).squareRoot()
    }
}

extension Feature {
    /// The title and, where they differ, the column's own name.
    var heading: Markup {
        title.english == name
            ? Markup(Format.name(name))
            : "\(Format.name(title.english)) \(Tag.code(Markup(Format.name(name)), .class("name")))"
    }

}

extension FeatureFindings.Number {
    /// `+10 days`, `+1 service`.
    var step: String {
        let number = "+" + Format.plain(effect.step)
        guard let unit = feature.unit.map(Format.name) else { return number }
        let isPlural = effect.step == 1 && unit.hasSuffix("s") && !unit.contains(" ")
        return number + Format.space + (isPlural ? String(unit.dropLast()) : unit)
    }
}

extension FeatureFindings.Category {
    /// The level that sets most customers apart, by the size of its effect and how common it is.
    var strongest: LevelCount? { levels.max { $0.spread < $1.spread } }
}

extension LevelCount {
    /// The standard deviation, over training rows, of what the level alone adds to the logit.
    var spread: Double {
        guard let effect, let trainedShare else { return 0 }
        return abs(effect) * (trainedShare * (1 - trainedShare)).squareRoot()
    }

    /// The level's name; what stands for no value is in italics.
    var heading: Markup {
        switch level {
        case .known(let name): name.isEmpty ? Tag.em("(empty)") : Markup(Format.name(name))
        case .missing: Tag.em("(missing)")
        case .unseen: Tag.em("(unseen in training)")
        }
    }

    var plainName: String {
        switch level {
        case .known(let name): Format.name(name)
        case .missing: "missing"
        case .unseen: "unseen in training"
        }
    }
}
