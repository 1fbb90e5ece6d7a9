/// The marks that charts are made of.
enum Drawing {
    /// An SVG that scales with its column and says what it shows.
    static func svg(
        id: String, title: String, description: String, width: Double, height: Double,
        @MarkupBuilder content: () -> [Markup]
    ) -> Markup {
        Tag.svg(
            Attribute("viewBox", "0 0 \(Format.coordinate(width)) \(Format.coordinate(height))"),
            Attribute("role", "img"), Attribute("aria-labelledby", "\(id)-title \(id)-desc")
        ) {
            Tag.title(Markup(title), .id("\(id)-title"))
            Tag.desc(Markup(description), .id("\(id)-desc"))
            content()
        }
    }

    static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: Attribute) -> Markup {
        Tag.line(Attribute("x1", x1), Attribute("y1", y1), Attribute("x2", x2), Attribute("y2", y2), style)
    }

    static func text(_ text: String, _ x: Double, _ y: Double, _ style: Attribute) -> Markup {
        Tag.text(Markup(text), Attribute("x", x), Attribute("y", y), style)
    }

    /// A bar, which shows `label` to those who point at it.
    static func bar(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: Attribute, label: String? = nil
    ) -> Markup {
        Tag.rect(
            Attribute("x", x), Attribute("y", y), Attribute("width", max(0, width)),
            Attribute("height", max(0, height)), style
        ) {
            if let label { Tag.title(Markup(label)) }
        }
    }

    static func dot(_ x: Double, _ y: Double, radius: Double, _ style: Attribute, label: String? = nil) -> Markup {
        Tag.circle(Attribute("cx", x), Attribute("cy", y), Attribute("r", radius), style) {
            if let label { Tag.title(Markup(label)) }
        }
    }

    /// A line through `points`; nothing through fewer than two.
    static func curve(_ points: [(x: Double, y: Double)], _ style: Attribute) -> Markup {
        points.count < 2 ? .nothing : Tag.path(Attribute("d", path(points)), style)
    }

    /// The area between `points` and the height `bottom`.
    static func area(_ points: [(x: Double, y: Double)], bottom: Double, _ style: Attribute) -> Markup {
        guard let first = points.first, let last = points.last else { return .nothing }
        return Tag.path(
            Attribute("d", path([(first.x, bottom)] + points + [(last.x, bottom)]) + "Z"), style)
    }

    private static func path(_ points: [(x: Double, y: Double)]) -> String {
        var path = ""
        for (place, point) in points.enumerated() {
            path += place == 0 ? "M" : "L"
            path += Format.coordinate(point.x) + " " + Format.coordinate(point.y)
        }
        return path
    }
}
