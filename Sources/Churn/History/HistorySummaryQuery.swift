import Postgres

/// What `GET /history/summary` was asked for: a period, cut into steps.
struct HistorySummaryQuery: Equatable, Sendable {
    static let stepsMax = 1000
    static let daysDefault = 30

    /// Microseconds since 1970, inclusive.
    let from: Int
    /// Microseconds since 1970, exclusive.
    let to: Int
    let stepMicroseconds: Int

    /// How many steps the period has, the last perhaps a part of one.
    var count: Int { (to - from + stepMicroseconds - 1) / stepMicroseconds }

    /// When a step begins.
    func start(_ step: Int) -> Int { from + step * stepMicroseconds }

    /// `6h`, `1d`: a number of minutes, hours or days, or `minute`, `hour`, `day` for one; as microseconds.
    static func step(_ text: String) -> Int? {
        let words = ["minute": "1m", "hour": "1h", "day": "1d"]
        let text = words[text] ?? text
        let units = ["m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[String($0)] }), let number = Int(text.dropLast()),
            (1...1_000_000).contains(number), text.utf8.first != 0x2B
        else { return nil }
        return number * unit * 1_000_000
    }

    /// The steps that have predictions: begin, count, how many of them churn, mean probability.
    var statement: ReadStatement {
        var statement = ReadStatement(
            """
            SELECT date_bin(make_interval(secs => $4), created_at, $3), count(*), count(*) FILTER (WHERE churn), \
            avg(probability) FROM predictions WHERE id >= $1 AND id < $2 GROUP BY 1 ORDER BY 1
            """)
        statement.parameters.append(uuid: PredictionID(firstAt: from).bits)
        statement.parameters.append(uuid: PredictionID(firstAt: to).bits)
        statement.parameters.append(microsecondsSince1970: from)
        statement.parameters.append(double: Double(stepMicroseconds) / 1e6)
        return statement
    }
}
