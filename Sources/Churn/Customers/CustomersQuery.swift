import Learning

/// What `GET /customers` was asked for.
package struct CustomersQuery: Equatable, Sendable {
    /// By what the customers are ordered, the highest first.
    package enum Order: String, Sendable {
        case probability
        case expectedLoss = "expected_loss"
    }

    /// The scoring run whose customers are listed.
    package struct Run: Equatable, Sendable {
        /// Of the model, in the table `models`.
        let number: Int32
        /// Days since 1970-01-01.
        let day: Int
    }

    /// What a run found, and how that differs from the run before.
    package struct Summary: Equatable, Sendable {
        let customers: Int
        let high: Int
        let medium: Int
        /// Nil where there was no run before.
        let highChange: Int?
        /// Of the customers at high risk; nil where the features do not say what customers spend.
        let expectedLoss: Double?
        let expectedLossChange: Double?

        var low: Int { customers - high - medium }
    }

    static let limitDefault = 100
    static let limitMax = 1000

    /// Days since 1970-01-01; nil for the latest run.
    var day: Int?
    var risk: Risk?
    var order = Order.probability
    var limit = CustomersQuery.limitDefault
    /// Where the page before ended; it holds the run, too, so that all pages are of one.
    package internal(set) var cursor: CustomersCursor?
    /// Nil until it is known.
    var summary: Summary?

    /// The request target of the page behind `cursor`.
    package func target(after cursor: CustomersCursor) -> String {
        var fields: [String] = []
        if let risk { fields.append("risk=\(risk.rawValue)") }
        if order != .probability { fields.append("order=\(order.rawValue)") }
        if limit != Self.limitDefault { fields.append("limit=\(limit)") }
        return "/customers?" + (fields + ["cursor=\(cursor.text)"]).joined(separator: "&")
    }
}
