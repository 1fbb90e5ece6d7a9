import Learning

/// Why a line of a file is no event; never with a value of it.
enum EventRejection: Equatable, Sendable {
    case unreadable(CSVError.Kind)
    case missing(EventField)
    case tooLong(EventField, limit: Int)
    case notUTF8(EventField)
    case nul(EventField)
    case time
    /// Later than a day after the load.
    case future
    case decimalComma
    case currency
    case amount

    var text: String {
        switch self {
        case .unreadable(let kind): CSVError(kind, line: 0).problem
        case .missing(let field): "no \(field.rawValue)"
        case .tooLong(let field, let limit): "\(field.rawValue) is longer than \(limit) bytes"
        case .notUTF8(let field): "\(field.rawValue) is not UTF-8"
        case .nul(let field): "\(field.rawValue) has a NUL byte"
        case .time: "occurred_at is no time such as 2026-11-22 or 2026-11-22T03:00:07Z"
        case .future: "occurred_at is later than tomorrow"
        case .decimalComma: "amount has a comma: write 12.50, without a decimal comma or thousands"
        case .currency: "amount has a currency sign: write the number alone"
        case .amount: "amount is no decimal number of at most 18 digits"
        }
    }
}
