package import Bytes
import HTTP
import Learning

/// A parameter of a query that cannot be used.
package struct QueryError: Error {
    /// Its name, if it is one of ours.
    let name: String?
    /// What it must do; the end of a sentence.
    let demand: String
}

/// The parameters of a query, decoded, each at most once.
struct QueryFields {
    private var fields: [(name: String, value: String)] = []

    /// - Parameter names: those that the route knows; any other is refused, since a misspelt filter would go unnoticed.
    init(_ bytes: borrowing ByteBuffer, _ query: Range<Int>, names: [String]) throws(QueryError) {
        var reader = QueryReader(query)
        while let pair = reader.next(bytes.span) {
            guard let name = Self.decoded(bytes, pair.name), let value = Self.decoded(bytes, pair.value) else {
                throw QueryError(name: nil, demand: "be percent-encoded UTF-8 without control characters")
            }
            guard names.contains(name) else {
                throw QueryError(name: nil, demand: "hold no other parameters than \(names.joined(separator: ", "))")
            }
            guard self[name] == nil else { throw QueryError(name: name, demand: "be given once") }
            fields.append((name, value))
        }
    }

    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    func boolean(_ name: String) throws(QueryError) -> Bool? {
        switch self[name] {
        case nil: return nil
        case "true": return true
        case "false": return false
        default: throw QueryError(name: name, demand: "be true or false")
        }
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(QueryError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw QueryError(name: name, demand: "be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// Microseconds since 1970.
    func time(_ name: String) throws(QueryError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let time = CivilTime(rfc3339: Array(text.utf8).span) else {
            throw QueryError(
                name: name, demand: "be a date or time as RFC 3339 writes it, such as 2026-11-22T03:00:00Z")
        }
        return time.microsecondsSince1970
    }

    /// Percent-decoded text; nil where that is not UTF-8, or has control characters.
    static func decoded(_ bytes: borrowing ByteBuffer, _ range: Range<Int>, plusIsSpace: Bool = true) -> String? {
        var text = ByteBuffer(capacity: range.count)
        guard (try? text.append(decoding: bytes.span, range, plusIsSpace: plusIsSpace)) != nil else { return nil }
        for offset in 0..<text.count where text[offset] < 0x20 || text[offset] == 0x7F { return nil }
        return text.text
    }
}

extension Problem {
    static func badQuery(_ error: QueryError) -> Problem {
        let subject = error.name.map { "The parameter \($0)" } ?? "The query"
        return Problem(.badRequest, "bad-query", "\(subject) must \(error.demand).")
    }
}

extension PredictService.PredictQuery {
    init(_ bytes: borrowing ByteBuffer, _ query: Range<Int>) throws(QueryError) {
        // The common one, without taking the query apart: what-ifs come in numbers.
        if bytes.span.equals(query, "record=false") {
            records = false
            return
        }
        let fields = try QueryFields(bytes, query, names: ["record", "allow_stale"])
        records = try fields.boolean("record") ?? true
        allowsStale = try fields.boolean("allow_stale") ?? false
    }
}

extension CustomersQuery {
    package init(_ bytes: borrowing ByteBuffer, _ query: Range<Int>) throws(QueryError) {
        let fields = try QueryFields(bytes, query, names: ["as_of", "risk", "order", "limit", "cursor"])
        if let text = fields["as_of"], text != "latest" {
            guard let day = CommandText.day(text) else {
                throw QueryError(name: "as_of", demand: "be latest, or a date such as 2026-11-22")
            }
            self.day = day
        }
        if let text = fields["risk"] {
            guard let risk = Risk(rawValue: text) else {
                throw QueryError(name: "risk", demand: "be low, medium or high")
            }
            self.risk = risk
        }
        if let text = fields["order"] {
            guard let order = Order(rawValue: text) else {
                throw QueryError(name: "order", demand: "be probability or expected_loss")
            }
            self.order = order
        }
        limit = try fields.integer("limit", in: 1...Self.limitMax) ?? Self.limitDefault
        if let text = fields["cursor"] {
            guard let cursor = CustomersCursor(Array(text.utf8).span) else { throw .badCursor }
            self.cursor = cursor
        }
    }
}

extension CustomerEventsQuery {
    init(_ customer: String, _ bytes: borrowing ByteBuffer, _ query: Range<Int>) throws(QueryError) {
        self.init(customer: customer)
        let fields = try QueryFields(bytes, query, names: ["from", "to", "limit", "cursor"])
        from = try fields.time("from")
        to = try fields.time("to")
        limit = try fields.integer("limit", in: 1...Self.limitMax) ?? Self.limitDefault
        if let text = fields["cursor"] {
            guard let cursor = Cursor(Array(text.utf8).span) else { throw .badCursor }
            self.cursor = cursor
        }
    }
}

extension QueryError {
    static let badCursor = QueryError(name: "cursor", demand: "be what an earlier page gave as its next_cursor")
}

extension HistorySummaryQuery {
    /// - Parameter now: microseconds since 1970.
    init(_ bytes: borrowing ByteBuffer, _ query: Range<Int>, now: Int) throws(QueryError) {
        let fields = try QueryFields(bytes, query, names: ["from", "to", "step"])
        guard let step = Self.step(fields["step"] ?? "1d") else {
            throw QueryError(name: "step", demand: "be a number of minutes, hours or days, such as 6h")
        }
        let day = 86_400_000_000
        let givenFrom = try fields.time("from")
        // A period that has not begun yet is a step long: whoever asks for it is not told that they were wrong.
        let latest = givenFrom.map { $0 < now ? now : $0 + step } ?? now
        let to = try fields.time("to") ?? latest
        // By default whole days, today's being the last.
        let from = givenFrom ?? (to - 1) / day * day - (Self.daysDefault - 1) * day
        guard from < to else { throw QueryError(name: "to", demand: "be later than from") }
        self.init(from: from, to: to, stepMicroseconds: step)
        guard count <= Self.stepsMax else {
            throw QueryError(name: "step", demand: "make at most \(Self.stepsMax) steps of the period")
        }
    }
}

extension HistoryQuery {
    package init(_ bytes: borrowing ByteBuffer, _ query: Range<Int>) throws(QueryError) {
        let names = ["customer_id", "from", "to", "churn", "model", "limit", "cursor"]
        let fields = try QueryFields(bytes, query, names: names)
        customer = fields["customer_id"]
        model = fields["model"]
        churn = try fields.boolean("churn")
        from = try fields.time("from")
        to = try fields.time("to")
        limit = try fields.integer("limit", in: 1...Self.limitMax) ?? Self.limitDefault
        if let text = fields["cursor"] {
            guard let id = HistoryCursor.read(Array(text.utf8).span) else { throw .badCursor }
            cursor = id
        }
    }
}
