import Bytes
import JSON
import Postgres

/// A page of one customer's events as JSON.
///
/// Reads the columns of `CustomerEventsQuery.statement`.
enum CustomerEventsPage {
    private enum Column {
        static let time = 0, kind = 1, service = 2, amount = 3, id = 4
    }

    /// Appends the page.
    ///
    /// - Returns: where the next page begins; nil when this one is the last.
    static func write(
        _ result: borrowing QueryResult, _ query: CustomerEventsQuery, into body: inout ByteBuffer
    ) -> CustomerEventsQuery.Cursor? {
        let rows = min(result.rowCount, query.limit)
        body.append("{\"customer_id\":")
        body.append(jsonString: query.customer)
        body.append(",\"events\":[")
        for row in 0..<rows {
            if row > 0 { body.append(byte: 0x2C) }
            writeObject(result, row, into: &body)
        }
        body.append("],\"next_cursor\":")
        let next = result.rowCount > rows ? cursor(result, rows, query) : nil
        if let next { body.append(jsonString: next.text) } else { body.append("null") }
        body.append(byte: 0x7D)
        return next
    }

    private static func writeObject(_ result: borrowing QueryResult, _ row: Int, into body: inout ByteBuffer) {
        body.append("{\"occurred_at\":\"")
        body.append(time: CivilTime(microsecondsSince1970: result.timestamp(row, Column.time) ?? 0))
        body.append("\",\"kind\":")
        body.append(jsonString: result.bytes(row, Column.kind))
        body.append(",\"service\":")
        write(result, row, Column.service, into: &body)
        body.append(",\"amount\":")
        if let amount = result.double(row, Column.amount), amount.isFinite {
            body.append(shortest: amount)
        } else {
            body.append("null")
        }
        body.append(",\"event_id\":")
        write(result, row, Column.id, into: &body)
        body.append(byte: 0x7D)
    }

    private static func write(
        _ result: borrowing QueryResult, _ row: Int, _ column: Int, into body: inout ByteBuffer
    ) {
        if result.isNull(row, column) { return body.append("null") }
        body.append(jsonString: result.bytes(row, column))
    }

    /// Behind the last of `rows` rows.
    ///
    /// Where the page holds no other time, what earlier pages showed of it counts, too.
    private static func cursor(
        _ result: borrowing QueryResult, _ rows: Int, _ query: CustomerEventsQuery
    ) -> CustomerEventsQuery.Cursor? {
        guard let time = result.timestamp(rows - 1, Column.time) else { return nil }
        var shown = 1
        while shown < rows, result.timestamp(rows - 1 - shown, Column.time) == time { shown += 1 }
        if shown == rows, let before = query.cursor, before.time == time { shown += Int(before.shown) }
        return CustomerEventsQuery.Cursor(time: time, shown: UInt32(clamping: shown))
    }
}
