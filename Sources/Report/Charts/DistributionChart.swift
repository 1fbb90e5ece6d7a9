import Learning

/// The values of one numeric feature among those who left and those who stayed, in the width of a table cell.
struct DistributionChart {
    let id: String
    let name: String
    let distribution: Distribution

    private static let width = 210.0
    private static let height = 72.0

    var markup: Markup {
        let edges = distribution.edges
        guard let low = edges.first, let high = edges.last else { return Markup(Format.none) }
        let outline = StepOutline(edges: edges, stayed: distribution.stayed, churned: distribution.churned)
        let x = Scale(low...high, from: 2, to: Self.width - 2)
        let y = Scale(0...outline.peak * 1.05, from: Self.height - 16, to: 2)
        let labels = distribution.isWhole ? (low.rounded(.up), high.rounded(.down)) : (low, high)
        return Drawing.svg(
            id: id, title: "Distribution of \(Format.name(name))",
            description:
                "Among those who left and those who stayed, from \(Format.plain(low)) to \(Format.plain(high)).",
            width: Self.width, height: Self.height
        ) {
            outline.markup(x, y)
            Drawing.line(x.start, y.start, x.end, y.start, .class("tick"))
            Drawing.text(Format.plain(labels.0), x.start, Self.height - 3, .class("small"))
            Drawing.text(Format.plain(labels.1), x.end, Self.height - 3, .class("small end"))
        }
    }
}
