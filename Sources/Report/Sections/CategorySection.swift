import Learning

/// The levels of each category: how common they are, how many leave, and what the model makes of them.
struct CategorySection {
    private let features: FeatureFindings
    /// Beyond so many of either the section says how many are left out.
    private static let categoriesMax = 40
    private static let levelsMax = 20

    init(_ features: FeatureFindings) { self.features = features }

    var markup: Markup {
        section(
            "categories", "Categories",
            """
            Odds are against the average customer. A level that training never saw adds nothing. Intervals are from a \
            fit without the penalty: where features move together, the model's own odds may lie beside them.
            """
        ) {
            if features.categories.isEmpty {
                Tag.p("The model has no categories.")
            } else {
                Tag.div(.class("levels")) {
                    for category in features.categories.prefix(Self.categoriesMax) { table(category) }
                }
                if features.categories.count > Self.categoriesMax {
                    Tag.p(
                        """
                        \(Format.count(features.categories.count - Self.categoriesMax)) more with smaller effects are \
                        not shown.
                        """
                    )
                }
            }
        }
    }

    private func table(_ category: FeatureFindings.Category) -> Markup {
        var table = TableMarkup(
            "Levels of \(Format.name(category.feature.title.english))", isCaptionHidden: true, .words("Level"),
            .number("Rows"), .number("Share"),
            .number("Share left"), .number("Odds"), .number("95 % interval"),
            .number("In training"))
        // The common ones first where not all can be shown.
        let levels =
            category.levels.count <= Self.levelsMax
            ? category.levels : Array(category.levels.sorted { $0.rows > $1.rows }.prefix(Self.levelsMax))
        for level in levels {
            let share = features.rows > 0 ? Double(level.rows) / Double(features.rows) : nil
            table.add(
                level.heading, Markup(Format.count(level.rows)), Markup(Format.percent(share)),
                Markup(Format.percent(level.churnShare)),
                Markup(level.effect.map { Format.factor(Elementary.exp($0)) } ?? Format.none),
                Markup(Format.interval(factors: category.intervals[level.level])),
                Markup(Format.percent(level.trainedShare)))
        }
        return Tag.div {
            Tag.h3(category.feature.heading)
            if let reason = category.feature.unused { Tag.p("Not used: \(reason).") }
            table.markup
            if category.levels.count > Self.levelsMax {
                Tag.p("\(Format.count(category.levels.count - Self.levelsMax)) rarer levels are not shown.")
            }
        }
    }
}
