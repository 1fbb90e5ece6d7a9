import Learning

/// The questions that a manager asks next, each answered with yes or no and a sentence.
struct SummaryAnswers {
    private let judged: JudgedModel
    private let features: FeatureFindings
    /// A larger calibration error is worth a warning, unless chance explains it.
    private static let errorMax = 0.03

    init(_ judged: JudgedModel, _ features: FeatureFindings) {
        self.judged = judged
        self.features = features
    }

    var items: [Markup] { [chances, faceValue, recency, gate, strongest].compactMap { $0 } }

    /// - Parameter isGood: nil for what is neither good nor bad.
    private func item(_ isGood: Bool?, _ claim: Markup, _ words: Markup) -> Markup {
        Tag.li {
            switch isGood {
            case true?: Tag.span("✓", .class("yes"), Attribute("aria-hidden", "true"))
            case false?: Tag.span("✗", .class("no"), Attribute("aria-hidden", "true"))
            case nil: Tag.span("•", Attribute("aria-hidden", "true"))
            }
            Tag.span { "\(Tag.strong(claim)): \(words)." }
        }
    }

    /// Whether it says more than one share for everybody.
    private var chances: Markup? {
        guard judged.quality.reason == nil, !judged.quality.isNoBetterThanConstant else { return nil }
        guard let loss = judged.quality.logLoss, let constant = judged.quality.logLossConstant else { return nil }
        return item(
            true, "Better than the same chance for everybody",
            """
            its log loss is \(Format.number(loss, decimals: 3)), that of the constant \
            \(Format.number(constant, decimals: 3))
            """
        )
    }

    /// Whether a stated chance may be taken as it is.
    private var faceValue: Markup? {
        guard let error = judged.quality.ece, judged.quality.reason == nil else { return nil }
        let isExplained = CalibrationTest(judged.judgement.curves.calibration).isExplainedByChance
        let isGood = error <= Self.errorMax || isExplained
        return item(
            isGood, isGood ? "Its chances can be taken as stated" : "Its chances are not to be taken as stated",
            """
            the share that left is \(Format.number(100 * error, decimals: 1)) percentage points away from them on \
            average\(isExplained ? ", which chance alone explains" : "")
            """
        )
    }

    /// Whether it is better than looking at the last visit alone.
    private var recency: Markup? {
        guard let simple = judged.judgement.baselines.aucOfRecency, let auc = judged.quality.auc else { return nil }
        let isBetter = auc > simple
        return item(
            isBetter, isBetter ? "Better than recency alone" : "No better than recency alone",
            """
            of a leaver and one who stays it ranks the leaver higher in \(Format.percent(auc, decimals: 0)) of pairs; \
            days since the last activity do so in \(Format.percent(simple, decimals: 0))
            """
        )
    }

    private var gate: Markup? {
        guard let gate = judged.gate else { return nil }
        let claim: Markup =
            switch (gate.passed, gate.first) {
            case (true, true): "It may become the first champion"
            case (true, false): "It may replace the champion"
            case (false, true): "It may not become the first champion"
            case (false, false): "It may not replace the champion"
            }
        return item(gate.passed, claim, Markup(Format.words(gate.reason)))
    }

    private var strongest: Markup? {
        var effects: [(size: Double, words: Markup)] = features.numbers.filter { $0.effect.logit != 0 }.map {
            ($0.effect.spread, words($0.feature, $0.step, $0.effect.oddsRatio))
        }
        for category in features.categories {
            guard category.spread > 0, let level = category.strongest, let effect = level.effect else { continue }
            effects.append((category.spread, words(category.feature, level.plainName, Elementary.exp(effect))))
        }
        let top = effects.sorted { $0.size > $1.size }.prefix(3).map(\.words)
        guard let first = top.first else { return nil }
        return item(nil, "What weighs most", top.dropFirst().reduce(first) { "\($0); \($1)" })
    }

    private func words(_ feature: Feature, _ step: String, _ ratio: Double) -> Markup {
        "\(Format.name(feature.title.english)) (\(step): odds \(Format.factor(ratio)))"
    }
}
