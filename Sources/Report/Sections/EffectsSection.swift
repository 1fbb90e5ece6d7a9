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
                if used.count > Self.rowsMax {
                    Tag.p("\(Format.count(used.count - Self.rowsMax)) more have smaller effects.")
                }
            }
        }
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
            .number("Chance before"), .number("Chance after"), .number("Odds, a standard deviation"))
        for number in used.prefix(Self.rowsMax) {
            let effect = number.effect
            let spread = effect.logit < 0 ? -effect.spread : effect.spread
            table.add(
                number.feature.heading, Markup(number.step), Markup(Format.factor(effect.oddsRatio)),
                Markup(Format.percent(effect.before)), Markup(Format.percent(effect.after)),
                Markup(Format.factor(Elementary.exp(spread))))
        }
        return table
    }
}
