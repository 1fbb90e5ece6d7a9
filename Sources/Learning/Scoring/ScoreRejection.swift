/// Why a record could not be scored; never with a value of it.
package enum ScoreRejection: Equatable, Sendable {
    case unreadable(CSVError.Kind)
    case noID
    case notUTF8
    /// The feature of this index has no value, and the model needs one.
    case missing(Int)
    case decimalComma(Int)
    case currency(Int)
    case notNumber(Int)
    /// A level that training never saw, where the model refuses those.
    case unseen(Int)
    /// An input is so large that the sum leaves the range of Double.
    case tooLarge

    /// One line for a person.
    package func text(_ schema: FeatureSchema) -> String {
        let name = { (feature: Int) in schema.features[feature].name }
        return switch self {
        case .unreadable(let kind): CSVError(kind, line: 0).problem
        case .noID: "no id"
        case .notUTF8: "the id is not UTF-8"
        case .missing(let feature): "no value for \(name(feature)), which may not miss any"
        case .decimalComma(let feature):
            "\(name(feature)) has a comma: write 12.50, without a decimal comma or thousands"
        case .currency(let feature): "\(name(feature)) has a currency sign: write the number alone"
        case .notNumber(let feature): "\(name(feature)) is no number"
        case .unseen(let feature): "\(name(feature)) has a level that training never saw"
        case .tooLarge: "the inputs are too large"
        }
    }

    /// Why a text that is no number is none.
    static func ofNumber(_ text: Span<UInt8>, _ feature: Int) -> ScoreRejection {
        var hasComma = false
        for offset in text.indices {
            // The dollar, and the first bytes of £, ¥ (C2) and of €, ₽ (E2) in UTF-8.
            if text[offset] == 0x24 || text[offset] == 0xC2 || text[offset] == 0xE2 { return .currency(feature) }
            if text[offset] == 0x2C { hasComma = true }
        }
        return hasComma ? .decimalComma(feature) : .notNumber(feature)
    }
}
