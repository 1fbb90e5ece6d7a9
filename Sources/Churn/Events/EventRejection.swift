import Learning

/// Why a line of a file, or a message, is no event; never with a value of it.
enum EventRejection: Equatable, Sendable {
    case unreadable(CSVError.Kind)
    case missing(EventField)
    case tooLong(EventField)
    case notUTF8(EventField)
    case nul(EventField)
    case time
    /// Later than a day after the load.
    case future
    case decimalComma
    case currency
    case amount
    case notJSON
    case noObject
    case type(EventField)
    case duplicate(EventField)

    /// What is wrong with an amount, as closely as that can be told.
    init(amount text: String) {
        self = text.contains(where: \.isCurrencySymbol) ? .currency : text.contains(",") ? .decimalComma : .amount
    }

    var text: String {
        switch self {
        case .unreadable(let kind): CSVError(kind, line: 0).problem
        case .missing(let field): "no \(field.rawValue)"
        case .tooLong(let field): "\(field.rawValue) is longer than \(field.bytesMax) bytes"
        case .notUTF8(let field): "\(field.rawValue) is not UTF-8"
        case .nul(let field): "\(field.rawValue) has a NUL byte"
        case .time: "occurred_at is no time such as 2026-11-22 or 2026-11-22T03:00:07Z"
        case .future: "occurred_at is later than tomorrow"
        case .decimalComma: "amount has a comma: write 12.50, without a decimal comma or thousands"
        case .currency: "amount has a currency sign: write the number alone"
        case .amount: "amount is no decimal number of at most 18 digits"
        case .notJSON: "not JSON"
        case .noObject: "not a JSON object"
        case .type(.amount): "amount is neither a number nor a string"
        case .type(let field): "\(field.rawValue) is no string"
        case .duplicate(let field): "\(field.rawValue) twice"
        }
    }
}
