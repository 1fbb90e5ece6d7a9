import Learning

/// What the model makes of each number, in the feature's own unit.
struct EffectsSection {
    private let features: FeatureFindings
    /// Beyond so many the table says how many are left out.
    private static let rowsMax = 60
    private static let barsMax = 14

    init(_ features: FeatureFindings) { self.features = features }

    private var used: [FeatureFindings.Number] { features.numbers.filter { $0.effect.logit != 0 } }

    var markup: Markup {
        section(
            "effects", "Effects",
            """
            Each line takes one step of a feature and leaves all others as they are; a level is compared with \
            the average customer. A step is a round number near the standard deviation, and chances are those of \
            a customer at the training means, \(Format.percent(features.average)). Bars to the right: more leave.
            """
        ) {
            if !bars.isEmpty {
                Tag.div(.class("wide")) {
                    EffectChart(bars: bars).markup
                }
            }
            if used.isEmpty {
                Tag.p("No number has an effect in this model.")
            } else {
                table.markup
                Tag.p(intervals, .class("lead"))
                if used.count > Self.rowsMax {
                    Tag.p("\(Format.count(used.count - Self.rowsMax)) more have smaller effects.")
                }
            }
        }
    }

    /// What the intervals stand on, or why there are none.
    private var intervals: Markup {
        guard let inference = features.inference else { return "The model file keeps no intervals of the odds." }
        if let reason = inference.reason { return "No intervals of the odds: \(Format.sentence(reason))." }
        return """
            Intervals of the odds are from a fit without the penalty, with errors that allow for several rows of one of the \
            \(Format.count(inference.customers, of: "customer")); the penalty draws the model's own odds towards 1.
            """
    }

    /// Numbers and levels, those that set most customers apart first.
    private var bars: [EffectChart.Bar] {
        var bars = used.map { number in
            (
                spread: number.effect.spread,
                bar: EffectChart.Bar(
                    name: Format.name(number.feature.title.english), step: number.step, logit: number.effect.logit)
            )
        }
        for category in features.categories {
            for level in category.levels {
                guard let effect = level.effect, effect != 0 else { continue }
                let name = Format.name(category.feature.title.english)
                bars.append((level.spread, EffectChart.Bar(name: name, step: level.plainName, logit: effect)))
            }
        }
        return bars.sorted { $0.spread > $1.spread }.prefix(Self.barsMax).map(\.bar)
    }

    private var table: TableMarkup {
        var table = TableMarkup(
            "Effects of numbers, strongest first", .words("Feature"), .words("Step"), .number("Odds"),
            .number("95 % interval"), .number("Chance before"), .number("Chance after"),
            .number("Odds, a standard deviation"))
        for number in used.prefix(Self.rowsMax) {
            let effect = number.effect
            let spread = effect.logit < 0 ? -effect.spread : effect.spread
            table.add(
                number.feature.heading, Markup(number.step), Markup(Format.factor(effect.oddsRatio)),
                Markup(Format.interval(factors: number.interval)),
                Markup(Format.percent(effect.before)), Markup(Format.percent(effect.after)),
                Markup(Format.factor(Elementary.exp(spread))))
        }
        return table
    }
}
