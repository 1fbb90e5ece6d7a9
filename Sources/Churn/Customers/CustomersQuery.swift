import Learning

/// What `GET /customers` was asked for.
struct CustomersQuery: Equatable, Sendable {
    /// By what the customers are ordered, the highest first.
    enum Order: String, Sendable {
        case probability
        case expectedLoss = "expected_loss"
    }

    /// The scoring run whose customers are listed.
    struct Run: Equatable, Sendable {
        /// Of the model, in the table `models`.
        let number: Int32
        /// Days since 1970-01-01.
        let day: Int
    }

    static let limitDefault = 100
    static let limitMax = 1000

    /// Days since 1970-01-01; nil for the latest run.
    var day: Int?
    var risk: Risk?
    var order = Order.probability
    var limit = CustomersQuery.limitDefault
    /// Where the page before ended; it holds the run, too, so that all pages are of one.
    var cursor: CustomersCursor?
    /// Nil until it is known.
    var run: Run?

    /// The request target of the page behind `cursor`.
    func target(after cursor: CustomersCursor) -> String {
        var fields: [String] = []
        if let risk { fields.append("risk=\(risk.rawValue)") }
        if order != .probability { fields.append("order=\(order.rawValue)") }
        if limit != Self.limitDefault { fields.append("limit=\(limit)") }
        return "/customers?" + (fields + ["cursor=\(cursor.text)"]).joined(separator: "&")
    }
}
