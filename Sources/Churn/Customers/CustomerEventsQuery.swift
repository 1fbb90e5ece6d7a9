import Bytes
import Postgres

/// What `GET /customers/{id}/events` was asked for.
struct CustomerEventsQuery: Equatable, Sendable {
    static let limitDefault = 100
    static let limitMax = 1000

    /// Where a page ended, in a form that callers hand back and do not read.
    ///
    /// Events have no key of their own and may be equal in all they say. So the place is the time of the last one, and how
    /// many events of that very time have been shown.
    struct Cursor: Equatable, Sendable {
        /// Microseconds since 1970.
        let time: Int
        let shown: UInt32

        var text: String {
            var buffer = ByteBuffer(capacity: 24)
            for shift in stride(from: 56, through: 0, by: -8) {
                buffer.append(hexadecimal: UInt8(truncatingIfNeeded: time >> shift))
            }
            for shift in stride(from: 24, through: 0, by: -8) {
                buffer.append(hexadecimal: UInt8(truncatingIfNeeded: shown >> UInt32(shift)))
            }
            return buffer.text
        }
    }

    let customer: String
    /// Microseconds since 1970, inclusive.
    var from: Int?
    /// Microseconds since 1970, exclusive.
    var to: Int?
    var limit = CustomerEventsQuery.limitDefault
    var cursor: Cursor?

    /// The rows of a page, newest first; one more than it shows, which tells whether there is a next page.
    ///
    /// Events of one time are ordered by all that is shown of them, so what is equal is where no caller can tell.
    var statement: ReadStatement {
        var statement = ReadStatement("customer_id = $1")
        statement.parameters.append(text: customer)
        statement.parameters.append(bigInteger: Int64(limit + 1))
        statement.parameters.append(bigInteger: Int64(cursor?.shown ?? 0))
        for (time, comparison) in [(from, ">="), (to, "<"), (cursor?.time, "<=")] {
            guard let time else { continue }
            statement.parameters.append(microsecondsSince1970: time)
            statement.sql += " AND occurred_at \(comparison) $\(statement.parameters.count)"
        }
        statement.sql = """
            SELECT occurred_at, kind, service, amount::double precision, event_id FROM events WHERE \(statement.sql) \
            ORDER BY occurred_at DESC, kind, service, amount, event_id OFFSET $3 LIMIT $2
            """
        return statement
    }

    /// The request target of the page behind `cursor`.
    func target(after cursor: Cursor) -> String {
        var fields: [(String, String)] = []
        if let from { fields.append(("from", TargetText.time(from))) }
        if let to { fields.append(("to", TargetText.time(to))) }
        if limit != Self.limitDefault { fields.append(("limit", "\(limit)")) }
        fields.append(("cursor", cursor.text))
        return "/customers/\(TargetText.encoded(customer))/events?\(TargetText.query(fields))"
    }
}

extension CustomerEventsQuery.Cursor {
    /// Reads `text`; nil for anything else.
    init?(_ text: Span<UInt8>) {
        guard text.count == 24 else { return nil }
        var words: [UInt64] = []
        for range in [0..<16, 16..<24] {
            var bits: UInt64 = 0
            for offset in range {
                guard let digit = hexadecimalValue(text[offset]) else { return nil }
                bits = bits << 4 | UInt64(digit)
            }
            words.append(bits)
        }
        let time = Int(Int64(bitPattern: words[0]))
        guard CustomerEventsQuery.times.contains(time) else { return nil }
        self.init(time: time, shown: UInt32(words[1]))
    }
}

extension CustomerEventsQuery {
    /// The times that an event may have, the years 1 to 9999, in microseconds since 1970.
    static let times =
        CivilTime(year: 1, month: 1, day: 1)
        .microsecondsSince1970..<CivilTime(year: 10_000, month: 1, day: 1).microsecondsSince1970
}
