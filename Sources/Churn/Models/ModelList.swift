import Bytes
import JSON
import Postgres

/// The table `models` as JSON.
enum ModelList {
    static let statement = """
        SELECT \(ModelRecord.columns) FROM models ORDER BY number DESC LIMIT 1000
        """

    /// A model named by its version or its number, with its file.
    static let oneStatement = """
        SELECT \(ModelRecord.columns), artifact FROM models \
        WHERE version = $1 OR number::text = $1
        """

    /// Appends `{"models":[…]}`, newest first.
    static func write(_ result: borrowing QueryResult, into body: inout ByteBuffer) {
        body.append("{\"models\":[")
        for row in 0..<result.rowCount {
            if row > 0 { body.append(byte: 0x2C) }
            writeEntry(result, row, into: &body)
            body.append(byte: 0x7D)
        }
        body.append("]}")
    }

    /// Appends one model: what the table says of it, and its file as the member `file`.
    static func writeOne(_ result: borrowing QueryResult, into body: inout ByteBuffer) {
        writeEntry(result, 0, into: &body)
        body.append(",\"file\":")
        body.append(result.bytes(0, 6))
        body.append(byte: 0x7D)
    }

    /// Appends the object of one row, without its end.
    private static func writeEntry(_ result: borrowing QueryResult, _ row: Int, into body: inout ByteBuffer) {
        body.append("{\"number\":")
        body.append(decimal: result.integer(row, 0) ?? 0)
        body.append(",\"version\":")
        body.append(jsonString: result.bytes(row, 1))
        body.append(",\"state\":")
        body.append(jsonString: result.bytes(row, 2))
        writeTime(",\"created_at\":", result.timestamp(row, 3), into: &body)
        writeTime(",\"promoted_at\":", result.timestamp(row, 4), into: &body)
        body.append(",\"metrics\":")
        body.append(result.bytes(row, 5))
    }

    private static func writeTime(_ key: StaticString, _ microseconds: Int?, into body: inout ByteBuffer) {
        body.append(key)
        guard let microseconds else { return body.append("null") }
        body.append(byte: 0x22)
        body.append(time: CivilTime(microsecondsSince1970: microseconds))
        body.append(byte: 0x22)
    }
}
