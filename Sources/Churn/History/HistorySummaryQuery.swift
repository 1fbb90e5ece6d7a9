import Bytes
import Postgres

/// What `GET /history/summary` was asked for: a period, cut into steps.
package struct HistorySummaryQuery: Equatable, Sendable {
    static let stepsMax = 1000
    static let daysDefault = 30
    /// Predictions that one answer looks at: those before them are left to another one, so that none takes PostgreSQL long.
    static let examinedMax = 1_000_000

    /// Microseconds since 1970, inclusive.
    let from: Int
    /// Microseconds since 1970, exclusive.
    let to: Int
    let stepMicroseconds: Int

    package init(from: Int, to: Int, stepMicroseconds: Int) {
        self.from = from
        self.to = to
        self.stepMicroseconds = stepMicroseconds
    }

    /// How many steps the period has, the last perhaps a part of one.
    package var count: Int { (to - from + stepMicroseconds - 1) / stepMicroseconds }

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

    /// The steps from the last one back, until as many predictions were looked at as may be: step, count, how many of them
    /// churn, mean probability, and, where there were more in the step, the newest of those that were not looked at.
    ///
    /// Each step is a range of the primary key, since ids carry their time: nothing is sorted. One that holds too many is
    /// counted down to an instant: what shares its time with the first that is too many is left out, too. An id's time is
    /// its first 64 bits, 19 characters. $1 is the ids at which the steps begin and the last one ends, $2 how many steps
    /// there are.
    package static func sql(examining most: Int) -> String {
        """
        WITH RECURSIVE walk (step, rows, churned, mean, seen, beyond) AS (
            SELECT $2::int4, 0::bigint, 0::bigint, NULL::float8, 0::bigint, NULL::uuid
            UNION ALL
            SELECT step - 1, part.rows, part.churned, part.mean, seen + part.rows, next.id
            FROM walk LEFT JOIN LATERAL (
                SELECT id FROM predictions WHERE id >= ($1::text::uuid[])[step] AND id < ($1::text::uuid[])[step + 1]
                ORDER BY id DESC OFFSET \(most) - seen LIMIT 1
            ) AS next ON true CROSS JOIN LATERAL (
                SELECT count(*) AS rows, count(*) FILTER (WHERE churn) AS churned, avg(probability) AS mean
                FROM predictions WHERE id < ($1::text::uuid[])[step + 1] AND id >= greatest(($1::text::uuid[])[step],
                    (left(next.id::text, 19) || 'ffff-ffffffffffff')::uuid)
            ) AS part
            WHERE step > 0 AND beyond IS NULL
        )
        SELECT step, rows, churned, mean, beyond FROM walk WHERE step < $2::int4 ORDER BY step
        """
    }

    /// The ids at which the steps begin and the last one ends, as `sql` takes them.
    package var bounds: String {
        var text = ByteBuffer(capacity: 37 * (count + 1) + 1)
        for step in 0...count {
            text.append(byte: step == 0 ? 0x7B : 0x2C)
            text.append(uuid: PredictionID(firstAt: min(start(step), to)).bits)
        }
        text.append(byte: 0x7D)
        return text.text
    }

    var statement: ReadStatement {
        var statement = ReadStatement(Self.sql(examining: Self.examinedMax))
        statement.parameters.append(text: bounds)
        statement.parameters.append(integer: Int32(truncatingIfNeeded: count))
        return statement
    }
}
