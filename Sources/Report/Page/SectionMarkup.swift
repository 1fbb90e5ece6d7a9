/// The frame of a part for the analyst: an anchor, a heading, and what it is about in one or two sentences.
func section(
    _ id: String, _ title: Markup, _ lead: Markup? = nil, @MarkupBuilder content: () -> [Markup]
) -> Markup {
    Tag.section(.id(id), Attribute("aria-labelledby", "\(id)-heading")) {
        Tag.h2(title, .id("\(id)-heading"))
        if let lead { Tag.p(lead, .class("lead")) }
        content()
    }
}

/// A chart with its name above and its numbers beside it.
func chart(_ title: Markup, _ lead: Markup, _ drawing: Markup, _ table: TableMarkup) -> Markup {
    Tag.div(.class("chart")) {
        Tag.figure {
            Tag.figcaption {
                Tag.h3(title)
                Tag.p(lead)
            }
            drawing
        }
        table.markup
    }
}

/// What the two colours of a chart of both classes mean.
var outcomeLegend: Markup {
    Tag.p(.class("legend")) {
        Tag.span(.class("key")) {
            Tag.span(.class("swatch left"))
            "left"
        }
        Tag.span(.class("key")) {
            Tag.span(.class("swatch stayed"))
            "stayed"
        }
    }
}
