/// An attribute of an element; its name is a literal of this program, its value is escaped on its way out.
package struct Attribute: Sendable, Equatable {
    let name: String
    let value: String

    package init(_ name: StaticString, _ value: String) {
        self.name = "\(name)"
        self.value = value
    }

    /// A length or place in a drawing, in its own units.
    package init(_ name: StaticString, _ value: Double) { self.init(name, Format.coordinate(value)) }

    package static func id(_ value: String) -> Attribute { Attribute("id", value) }
    package static func `class`(_ value: StaticString) -> Attribute { Attribute("class", "\(value)") }
    package static func href(toID id: String) -> Attribute { Attribute("href", "#" + id) }
}
