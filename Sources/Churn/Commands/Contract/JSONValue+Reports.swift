import JSON

/// The kinds of values that the objects of `--json` are made of.
extension JSONValue {
    static func count(_ count: Int) -> JSONValue { .number(Double(count)) }

    /// A time as RFC 3339 has it; microseconds since 1970, null where there is none.
    static func instant(_ microseconds: Int?) -> JSONValue {
        microseconds.map { .string(CommandText.instant($0)) } ?? .null
    }

    /// `YYYY-MM-DD`; days since 1970, null where there is none.
    static func date(_ day: Int?) -> JSONValue { day.map { .string(CommandText.date($0)) } ?? .null }

    /// Null where the number is missing or not finite: JSON has no other form for it.
    static func number(_ number: Double?) -> JSONValue {
        guard let number, number.isFinite else { return .null }
        return .number(number)
    }

    /// How long something took, to a millisecond.
    static func seconds(_ seconds: Double) -> JSONValue { .number((seconds * 1000).rounded() / 1000) }
}
