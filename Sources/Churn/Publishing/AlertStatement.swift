package import Postgres

/// Whether predictions of churn are alerts: a customer's decision has changed to churn.
///
/// Asked of the table, so that every instance knows of every other's predictions: there is an alert when the customer's
/// prediction before this one, by id, was not churn, or when there is none.
package enum AlertStatement {
    /// The name under which a connection prepares the statement.
    private static let name: StaticString = "alerts"
    /// $1 are predictions, $2 their customers; the answer has those that are alerts.
    private static let text = """
        SELECT asked.id FROM unnest($1::uuid[], $2::text[]) AS asked (id, customer) \
        WHERE \(isAlert("asked.customer COLLATE \"C\"", "asked.id"))
        """

    /// The condition, as SQL, for a prediction of churn.
    ///
    /// Only an index in the order of customers serves it: with `=` in the place of `= ANY`, that order would mean nothing, and
    /// a table without statistics would be read backwards by id until the customer comes. With both columns compared as
    /// one row every entry of an index page is looked at, which takes twice as long.
    static func isAlert(_ customer: String, _ id: String) -> String {
        """
        (SELECT before.churn FROM predictions AS before \
        WHERE before.customer_id = ANY (ARRAY[\(customer)]) AND before.id < \(id) \
        ORDER BY before.customer_id DESC, before.id DESC LIMIT 1) IS NOT TRUE
        """
    }

    /// To be called once for each connection that it is asked on.
    package static func prepare(_ connection: inout Connection) throws(PostgresError) {
        try connection.prepare("\(name)", text)
    }

    /// Those of the predictions that are alerts.
    static func alerts(
        among asked: borrowing AskedRows, _ connection: inout Connection
    ) throws(PostgresError) -> Set<PredictionID> {
        try connection.ask(name, columns: asked.columns.span, BinaryParameters(capacity: 16))
        let result = try connection.receive()
        var alerts: Set<PredictionID> = []
        for row in 0..<result.rowCount { if let bits = result.uuid(row, 0) { alerts.insert(PredictionID(bits: bits)) } }
        return alerts
    }
}

/// Predictions of churn of which is to be found out whether they are alerts.
struct AskedRows: ~Copyable {
    fileprivate var columns: InlineArray<2, BinaryArray> = [BinaryArray(.uuid), BinaryArray(.text)]

    var isEmpty: Bool { columns[0].count == 0 }

    mutating func append(_ id: PredictionID, _ customer: Span<UInt8>) {
        columns[0].append(uuid: id.bits)
        columns[1].append(customer)
    }
}
