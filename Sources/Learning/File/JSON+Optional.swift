package import JSON

extension JSONValue {
    /// `null` for nil and for what is not finite.
    package init(_ number: Double?) {
        self = number.map { $0.isFinite ? .number($0) : .null } ?? .null
    }

    package init(_ count: Int?) { self = count.map { .number(Double($0)) } ?? .null }

    package init(_ string: String?) { self = string.map(JSONValue.string) ?? .null }

    package init(_ numbers: [Double]) { self = .array(numbers.map { JSONValue($0) }) }

    package init(_ strings: [String]) { self = .array(strings.map(JSONValue.string)) }
}
