/// The media types of this server's answers.
public enum MediaType: UInt8, Sendable, CaseIterable {
    case json
    case problem
    case csv
    case text
    case html
    case exposition

    /// The value of Content-Type.
    ///
    /// JSON has no charset parameter: it is UTF-8 always (RFC 8259 §11).
    public var contentType: StaticString {
        switch self {
        case .json: "application/json"
        case .problem: "application/problem+json"
        case .csv: "text/csv; charset=utf-8"
        case .text: "text/plain; charset=utf-8"
        case .html: "text/html; charset=utf-8"
        case .exposition: "text/plain; version=0.0.4; charset=utf-8"
        }
    }

    /// Type and subtype alone, in lower case.
    var essence: (type: StaticString, subtype: StaticString) {
        switch self {
        case .json: ("application", "json")
        case .problem: ("application", "problem+json")
        case .csv: ("text", "csv")
        case .text, .exposition: ("text", "plain")
        case .html: ("text", "html")
        }
    }
}
