import Bytes
import Postgres

/// The answer to `GET /history/summary`: every step of the period, those without predictions, too.
///
/// Where there are more predictions than one answer may look at, the earlier steps have nulls; whoever wants them asks
/// again, up to where this answer has counted from.
enum HistorySummary {
    static func write(
        _ result: borrowing QueryResult, _ query: HistorySummaryQuery, into body: inout ByteBuffer
    ) {
        var row = 0
        while row < result.rowCount, result.boolean(row, 4) == false { row += 1 }
        let first = row < result.rowCount ? result.integer(row, 0) ?? 0 : query.count
        body.append("{\"from\":\"")
        body.append(time: CivilTime(microsecondsSince1970: query.from))
        body.append("\",\"to\":\"")
        body.append(time: CivilTime(microsecondsSince1970: query.to))
        body.append("\",\"step_seconds\":")
        body.append(decimal: query.stepMicroseconds / 1_000_000)
        body.append(first == 0 ? ",\"complete\":true,\"counted_from\":\"" : ",\"complete\":false,\"counted_from\":\"")
        body.append(time: CivilTime(microsecondsSince1970: min(query.start(first), query.to)))
        body.append("\",\"steps\":[")
        for step in 0..<query.count {
            if step > 0 { body.append(byte: 0x2C) }
            writeStep(query, step, result, step >= first ? row + step - first : nil, into: &body)
        }
        body.append("]}")
    }

    /// - Parameter row: of the result; nil for a step that was not counted.
    private static func writeStep(
        _ query: HistorySummaryQuery, _ step: Int, _ result: borrowing QueryResult, _ row: Int?,
        into body: inout ByteBuffer
    ) {
        body.append("{\"from\":\"")
        body.append(time: CivilTime(microsecondsSince1970: query.start(step)))
        body.append("\",\"to\":\"")
        body.append(time: CivilTime(microsecondsSince1970: min(query.start(step + 1), query.to)))
        guard let row else {
            return body.append("\",\"count\":null,\"churned\":null,\"churn_share\":null,\"mean_probability\":null}")
        }
        let count = result.integer(row, 1) ?? 0
        let churned = result.integer(row, 2) ?? 0
        body.append("\",\"count\":")
        body.append(decimal: count)
        body.append(",\"churned\":")
        body.append(decimal: churned)
        guard count > 0 else { return body.append(",\"churn_share\":null,\"mean_probability\":null}") }
        body.append(",\"churn_share\":")
        body.append(shortest: Double(churned) / Double(count))
        body.append(",\"mean_probability\":")
        body.append(shortest: result.double(row, 3) ?? 0)
        body.append(byte: 0x7D)
    }
}
