import Bytes

extension HistoryQuery {
    /// The request target of the page that follows the one that ended at `last`: the same question, further on.
    func target(after last: PredictionID) -> String {
        var fields: [(String, String)] = []
        if let customer { fields.append(("customer_id", customer)) }
        if let from { fields.append(("from", Self.time(from))) }
        if let to { fields.append(("to", Self.time(to))) }
        if let churn { fields.append(("churn", churn ? "true" : "false")) }
        if let model { fields.append(("model", model)) }
        if limit != Self.limitDefault { fields.append(("limit", "\(limit)")) }
        var cursor = ByteBuffer(capacity: 32)
        HistoryCursor.write(last, into: &cursor)
        fields.append(("cursor", cursor.text))
        return "/history?" + fields.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&")
    }

    private static func time(_ microseconds: Int) -> String {
        var text = ByteBuffer(capacity: 32)
        text.append(time: CivilTime(microsecondsSince1970: microseconds))
        return text.text
    }

    /// Leaves only the unreserved characters of RFC 3986 §2.3 as they are.
    private static func encoded(_ value: String) -> String {
        var text = ByteBuffer(capacity: value.utf8.count)
        for byte in value.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: text.append(byte: byte)
            default:
                text.append(byte: 0x25)
                text.append(hexadecimal: byte)
            }
        }
        return text.text
    }
}
