package import JSON

extension GateVerdict {
    /// The member `gate` of what `evaluate` and `promote` print.
    package var json: JSONValue {
        [
            "passed": .boolean(passed), "first": .boolean(first), "reason": .string(reason),
            "checks": .array(checks.map(\.json)),
        ]
    }
}

extension GateCheck {
    package var json: JSONValue {
        [
            "name": .string(name.rawValue), "passed": .boolean(passed), "candidate": JSONValue(candidate),
            "champion": JSONValue(champion), "difference": JSONValue(difference), "low": JSONValue(low),
            "high": JSONValue(high), "limit": JSONValue(limit), "text": .string(text),
        ]
    }
}
