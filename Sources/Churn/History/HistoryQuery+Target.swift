import Bytes
import HTTP

extension HistoryQuery {
    /// The request target of the page that follows the one that ended at `last`: the same question, further on.
    func target(after last: PredictionID) -> String {
        var fields: [(String, String)] = []
        if let customer { fields.append(("customer_id", customer)) }
        if let from { fields.append(("from", TargetText.time(from))) }
        if let to { fields.append(("to", TargetText.time(to))) }
        if let churn { fields.append(("churn", churn ? "true" : "false")) }
        if let model { fields.append(("model", model)) }
        if limit != Self.limitDefault { fields.append(("limit", "\(limit)")) }
        var cursor = ByteBuffer(capacity: 32)
        HistoryCursor.write(last, into: &cursor)
        fields.append(("cursor", cursor.text))
        return "/history?" + TargetText.query(fields)
    }
}

/// Values as they stand in a request target.
enum TargetText {
    /// The parameters of a query.
    static func query(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&")
    }

    /// A time in microseconds since 1970.
    static func time(_ microseconds: Int) -> String {
        var text = ByteBuffer(capacity: 32)
        text.append(time: CivilTime(microsecondsSince1970: microseconds))
        return text.text
    }

    static func encoded(_ value: String) -> String {
        var text = ByteBuffer(capacity: value.utf8.count)
        text.append(percentEncoding: value)
        return text.text
    }
}
