import Bytes
import Postgres

/// The SQL of a page: one statement for each combination of filters, put together from fixed pieces.
///
/// `$1 IS NULL OR …` in one statement for all would cost the index. All values are bound.
enum HistoryStatement {
    static let columns = """
        id, created_at, customer_id, probability, churn, risk, threshold, \
        (SELECT version FROM models WHERE number = model), as_of, horizon_days, source, features::text
        """

    /// The rows of a page, newest first; one more than it shows, which tells whether there is a next page.
    static func page(_ query: HistoryQuery) -> ReadStatement {
        var statement = range(query)
        statement.parameters.append(bigInteger: Int64(query.limit + 1))
        let limit = "$\(statement.parameters.count)"
        var filters: [String] = []
        if let churn = query.churn {
            statement.parameters.append(boolean: churn)
            filters.append("churn = $\(statement.parameters.count)")
        }
        if let model = query.model {
            // A model is named by its version or its number.
            statement.parameters.append(text: model)
            let name = "$\(statement.parameters.count)"
            filters.append("model = (SELECT number FROM models WHERE version = \(name) OR number::text = \(name))")
        }
        if filters.isEmpty {
            statement.sql = "SELECT \(columns) FROM predictions WHERE \(statement.sql) ORDER BY id DESC LIMIT \(limit)"
        } else {
            statement.sql = """
                SELECT \(columns) FROM (SELECT * FROM predictions WHERE \(statement.sql) ORDER BY id DESC \
                LIMIT \(HistoryQuery.examinedMax)) AS examined \
                WHERE \(filters.joined(separator: " AND ")) ORDER BY id DESC LIMIT \(limit)
                """
        }
        return statement
    }

    /// The id at which a filtered page stopped looking: where the next page begins when this one came back short.
    static func lastExamined(_ query: HistoryQuery) -> ReadStatement {
        var statement = range(query)
        statement.sql = """
            SELECT id FROM predictions WHERE \(statement.sql) ORDER BY id DESC \
            OFFSET \(HistoryQuery.examinedMax - 1) LIMIT 1
            """
        return statement
    }

    /// The condition that an index answers: the range of ids, and the customer.
    private static func range(_ query: HistoryQuery) -> ReadStatement {
        var statement = ReadStatement("id >= $1 AND id < $2")
        statement.parameters.append(uuid: query.ids.lowerBound.bits)
        statement.parameters.append(uuid: query.ids.upperBound.bits)
        if let customer = query.customer {
            statement.parameters.append(text: customer)
            statement.sql += " AND customer_id = $3"
        }
        return statement
    }
}
