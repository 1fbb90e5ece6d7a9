import Learning
import Postgres

/// The SQL of a page of customers.
///
/// A branch for each risk, which one index answers in its order; merging them looks at no more than a page of each.
enum CustomersStatement {
    /// The run of a date, or the latest: model, date.
    static func run(_ query: CustomersQuery) -> ReadStatement {
        var statement = ReadStatement("SELECT model, as_of FROM scoring_runs WHERE finished_at IS NOT NULL")
        if let day = query.day {
            statement.parameters.append(daysSince1970: day)
            statement.sql += " AND as_of = $1"
        }
        statement.sql += " ORDER BY as_of DESC, finished_at DESC LIMIT 1"
        return statement
    }

    /// The rows of a page, and one more, which tells whether there is a next page.
    static func page(_ query: CustomersQuery, _ run: CustomersQuery.Run) -> ReadStatement {
        var statement = ReadStatement("")
        statement.parameters.append(integer: run.number)
        statement.parameters.append(daysSince1970: run.day)
        statement.parameters.append(bigInteger: Int64(query.limit + 1))
        let rank = query.order == .probability ? "probability" : "expected_loss(probability, features)"
        var isBehind = ""
        if let cursor = query.cursor {
            statement.parameters.append(double: cursor.rank)
            statement.parameters.append(uuid: cursor.id.bits)
            isBehind = " AND (\(rank), id) < ($4, $5)"
        }
        let branches = (query.risk.map { [$0] } ?? Risk.allCases).map { risk in
            """
            (SELECT id, customer_id, probability, churn, risk, features, \(rank) AS rank FROM predictions \
            WHERE source = 'score' AND model = $1 AND as_of = $2 AND risk = '\(risk.rawValue)'\(isBehind) \
            ORDER BY \(rank) DESC, id DESC LIMIT $3)
            """
        }
        statement.sql = """
            SELECT id, customer_id, probability, churn, risk, features::text, rank, expected_loss(probability, features), \
            (SELECT o.probability FROM predictions AS o WHERE o.customer_id = p.customer_id AND o.id < p.id \
            ORDER BY o.id DESC LIMIT 1) \
            FROM (SELECT * FROM (\(branches.joined(separator: " UNION ALL "))) AS u \
            ORDER BY rank DESC, id DESC LIMIT $3) AS p ORDER BY rank DESC, id DESC
            """
        return statement
    }
}
