import Learning

/// Which values each number has, among those who left and those who stayed, and how often it is missing.
struct DistributionSection {
    private let features: FeatureFindings
    /// Beyond so many the table says how many are left out.
    private static let rowsMax = 60

    init(_ features: FeatureFindings) { self.features = features }

    var markup: Markup {
        section("features", "Features", "Values of the rows judged here, beside those that the model learnt from.") {
            if features.numbers.isEmpty {
                Tag.p("The model has no numbers.")
            } else {
                outcomeLegend
                table.markup
                if features.numbers.count > Self.rowsMax {
                    Tag.p(
                        """
                        \(Format.count(features.numbers.count - Self.rowsMax)) more with smaller effects are not \
                        shown.
                        """
                    )
                }
            }
        }
    }

    private var table: TableMarkup {
        var table = TableMarkup(
            "Numbers: their values here and in training", .words("Feature"), .words("Distribution"),
            .number("Median here"), .number("of leavers"), .number("of others"), .number("Median in training"),
            .number("1 % to 99 % in training"), .number("Outside training"), .number("Missing"),
            .number("Missing, share left"))
        for (place, number) in features.numbers.prefix(Self.rowsMax).enumerated() {
            let distribution = number.distribution
            var summary: NumberSummary?
            if case .number(let known) = number.feature.kind { summary = known }
            let drawing = DistributionChart(
                id: "distribution-\(place)", name: number.feature.title.english, distribution: distribution)
            table.add(
                "\(number.feature.heading)\(unit(number.feature))",
                Tag.div(drawing.markup, .class("cell")), plain(distribution.median),
                plain(distribution.medianOfChurned),
                plain(distribution.medianOfStayed), plain(summary?.median),
                Markup(summary.map { "\(Format.plain($0.p01)) to \(Format.plain($0.p99))" } ?? Format.none),
                share(distribution.outside, of: features.rows - distribution.missing),
                share(distribution.missing, of: features.rows),
                share(distribution.missingChurned, of: distribution.missing))
        }
        return table
    }

    private func unit(_ feature: Feature) -> Markup {
        feature.unit.map { Tag.span("in \(Format.name($0))", .class("unit")) } ?? .nothing
    }

    private func plain(_ value: Double?) -> Markup { Markup(Format.plain(value)) }

    private func share(_ part: Int, of whole: Int) -> Markup {
        Markup(Format.percent(whole > 0 ? Double(part) / Double(whole) : nil))
    }
}
