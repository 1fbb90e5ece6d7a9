import Bytes
import JSON
import Postgres

/// The rows of a page of history in the two forms in which they leave: JSON objects, and lines of CSV (RFC 4180).
///
/// Reads the columns of `HistoryStatement.columns`.
enum HistoryPage {
    private enum Column {
        static let id = 0, createdAt = 1, customer = 2, probability = 3, churn = 4, risk = 5, threshold = 6, model = 7
        static let asOf = 8, horizon = 9, source = 10, features = 11
    }

    // MARK: JSON

    /// A page that has grown to this ends with the row that made it so; the next page goes on behind it.
    static let bytesMax = 8 << 20

    /// Appends `{"predictions":[…]`, without the end.
    ///
    /// - Returns: how many of `rows` rows are in it.
    static func writeJSON(_ result: borrowing QueryResult, rows: Int, into body: inout ByteBuffer) -> Int {
        body.append("{\"predictions\":[")
        var written = 0
        while written < rows, body.count < bytesMax {
            if written > 0 { body.append(byte: 0x2C) }
            writeObject(result, written, into: &body)
            written += 1
        }
        body.append(byte: 0x5D)
        return written
    }

    /// Appends `,"next_cursor":…}`.
    static func writeEnd(next: PredictionID?, into body: inout ByteBuffer) {
        body.append(",\"next_cursor\":")
        if let next {
            body.append(byte: 0x22)
            HistoryCursor.write(next, into: &body)
            body.append(byte: 0x22)
        } else {
            body.append("null")
        }
        body.append(byte: 0x7D)
    }

    private static func writeObject(_ result: borrowing QueryResult, _ row: Int, into body: inout ByteBuffer) {
        body.append("{\"prediction_id\":\"")
        body.append(uuid: result.uuid(row, Column.id) ?? 0)
        body.append("\",\"customer_id\":")
        body.append(jsonString: result.bytes(row, Column.customer))
        body.append(",\"probability\":")
        body.append(shortest: result.double(row, Column.probability) ?? 0)
        body.append(result.boolean(row, Column.churn) == true ? ",\"churn\":true" : ",\"churn\":false")
        body.append(",\"risk\":")
        body.append(jsonString: result.bytes(row, Column.risk))
        body.append(",\"threshold\":")
        body.append(shortest: result.double(row, Column.threshold) ?? 0)
        body.append(",\"horizon_days\":")
        if let days = result.integer(row, Column.horizon) { body.append(decimal: days) } else { body.append("null") }
        body.append(",\"as_of\":")
        if let day = result.date(row, Column.asOf) {
            body.append(byte: 0x22)
            body.append(date: CivilTime(daysSince1970: day))
            body.append(byte: 0x22)
        } else {
            body.append("null")
        }
        body.append(",\"model\":")
        body.append(jsonString: result.bytes(row, Column.model))
        body.append(",\"source\":")
        body.append(jsonString: result.bytes(row, Column.source))
        body.append(",\"features\":")
        body.append(result.bytes(row, Column.features))
        body.append(",\"created_at\":\"")
        body.append(time: CivilTime(microsecondsSince1970: result.timestamp(row, Column.createdAt) ?? 0))
        body.append("\"}")
    }

    // MARK: CSV

    private static let csvHeader: StaticString = """
        prediction_id,created_at,customer_id,probability,churn,risk,threshold,model,as_of,horizon_days,source,features\r\n
        """

    /// Appends the header and the rows as lines of CSV.
    ///
    /// - Returns: how many of `rows` rows are in it.
    static func writeCSV(_ result: borrowing QueryResult, rows: Int, into body: inout ByteBuffer) -> Int {
        body.append(csvHeader)
        var written = 0
        while written < rows, body.count < bytesMax {
            writeLine(result, written, into: &body)
            written += 1
        }
        return written
    }

    private static func writeLine(_ result: borrowing QueryResult, _ row: Int, into body: inout ByteBuffer) {
        body.append(uuid: result.uuid(row, Column.id) ?? 0)
        body.append(byte: 0x2C)
        body.append(time: CivilTime(microsecondsSince1970: result.timestamp(row, Column.createdAt) ?? 0))
        body.append(byte: 0x2C)
        appendField(result.bytes(row, Column.customer), to: &body)
        body.append(byte: 0x2C)
        body.append(shortest: result.double(row, Column.probability) ?? 0)
        body.append(result.boolean(row, Column.churn) == true ? ",true," : ",false,")
        body.append(result.bytes(row, Column.risk))
        body.append(byte: 0x2C)
        body.append(shortest: result.double(row, Column.threshold) ?? 0)
        body.append(byte: 0x2C)
        body.append(result.bytes(row, Column.model))
        body.append(byte: 0x2C)
        if let day = result.date(row, Column.asOf) { body.append(date: CivilTime(daysSince1970: day)) }
        body.append(byte: 0x2C)
        if let days = result.integer(row, Column.horizon) { body.append(decimal: days) }
        body.append(byte: 0x2C)
        body.append(result.bytes(row, Column.source))
        body.append(byte: 0x2C)
        appendField(result.bytes(row, Column.features), to: &body)
        body.append("\r\n")
    }

    /// A field with a comma, a quote or a line break stands in quotes, quotes in it doubled (RFC 4180 §2.6, §2.7).
    static func appendField(_ field: Span<UInt8>, to body: inout ByteBuffer) {
        var needsQuotes = false
        for offset in 0..<field.count {
            let byte = field[offset]
            if byte == 0x22 || byte == 0x2C || byte == 0x0A || byte == 0x0D { needsQuotes = true }
        }
        guard needsQuotes else { return body.append(field) }
        body.append(byte: 0x22)
        for offset in 0..<field.count {
            if field[offset] == 0x22 { body.append(byte: 0x22) }
            body.append(byte: field[offset])
        }
        body.append(byte: 0x22)
    }
}
