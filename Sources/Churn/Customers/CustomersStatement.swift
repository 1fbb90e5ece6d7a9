import Learning
import Postgres

/// The SQL of a page of customers.
///
/// A branch for each risk, which one index answers in its order; merging them looks at no more than a page of each.
enum CustomersStatement {
    /// The run of the cursor, of a date, or the latest: model, date, what it found, and what the one before it found.
    static func run(_ query: CustomersQuery) -> ReadStatement {
        var statement = ReadStatement("")
        var condition = ""
        if let run = query.cursor?.run {
            statement.parameters.append(integer: run.number)
            statement.parameters.append(daysSince1970: run.day)
            condition = " AND model = $1 AND as_of = $2"
        } else if let day = query.day {
            statement.parameters.append(daysSince1970: day)
            condition = " AND as_of = $1"
        }
        statement.sql = """
            SELECT run.model, run.as_of, run.scored, run.churned, run.medium, run.expected_loss, \
            before.churned, before.expected_loss FROM (SELECT * FROM scoring_runs WHERE finished_at IS NOT NULL\(condition) \
            ORDER BY as_of DESC, finished_at DESC LIMIT 1) AS run LEFT JOIN LATERAL (SELECT * FROM scoring_runs AS o \
            WHERE o.finished_at IS NOT NULL AND o.as_of < run.as_of ORDER BY o.as_of DESC, o.finished_at DESC LIMIT 1) \
            AS before ON true
            """
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
