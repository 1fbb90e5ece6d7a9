/// Lets the content of an element be written one piece a line, with `if` and `for`.
@resultBuilder
package enum MarkupBuilder {
    package static func buildExpression(_ piece: Markup) -> [Markup] { [piece] }
    package static func buildExpression(_ pieces: [Markup]) -> [Markup] { pieces }
    package static func buildBlock(_ parts: [Markup]...) -> [Markup] { parts.flatMap { $0 } }
    package static func buildOptional(_ part: [Markup]?) -> [Markup] { part ?? [] }
    package static func buildEither(first: [Markup]) -> [Markup] { first }
    package static func buildEither(second: [Markup]) -> [Markup] { second }
    package static func buildArray(_ parts: [[Markup]]) -> [Markup] { parts.flatMap { $0 } }
}
