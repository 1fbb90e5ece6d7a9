extension Markup: ExpressibleByStringInterpolation {
    /// Collects literals, values and elements into one piece: `"\(count) of them \(Tag.strong("left"))"`.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Markup] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { pieces.append(Markup(literal)) }
        }

        package mutating func appendInterpolation(_ markup: Markup) { pieces.append(markup) }

        package mutating func appendInterpolation(_ text: String) { pieces.append(Markup(text)) }

        package mutating func appendInterpolation(_ count: Int) { pieces.append(Markup(Format.count(count))) }
    }

    /// One piece behind the other.
    package static func + (left: Markup, right: Markup) -> Markup { Markup(.several([left, right])) }

    package init(stringLiteral value: String) { self.init(value) }

    package init(stringInterpolation: StringInterpolation) {
        let pieces = stringInterpolation.pieces
        self.init(pieces.count == 1 ? pieces[0].piece : .several(pieces))
    }
}
