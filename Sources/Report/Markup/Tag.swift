/// The elements that a report is made of; called like a function, one makes an element with attributes and content.
package enum Tag: String, Sendable {
    // HTML
    case html, head, body, meta, title, style, header, nav, main, section, footer, div, figure, figcaption
    case h1, h2, h3, p, ul, ol, li, strong, em, code, span, a, br, table, caption, thead, tbody, tr, th, td, dl, dt, dd
    // SVG
    case svg, g, path, line, rect, circle, text, tspan, desc

    /// Whether it has neither content nor an end tag (HTML §13.1.2).
    var isVoid: Bool { self == .meta || self == .br }

    /// An element of this kind.
    package func callAsFunction(
        _ attributes: Attribute..., @MarkupBuilder content: () -> [Markup] = { [] }
    ) -> Markup {
        Markup(.element(self, attributes, content()))
    }

    /// An element that holds one piece of text.
    package func callAsFunction(_ content: Markup, _ attributes: Attribute...) -> Markup {
        Markup(.element(self, attributes, [content]))
    }
}
