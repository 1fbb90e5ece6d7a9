import Bytes
import Postgres

/// The answer to `GET /history/summary`: every step of the period, those without predictions, too.
enum HistorySummary {
    static func write(
        _ result: borrowing QueryResult, _ query: HistorySummaryQuery, into body: inout ByteBuffer
    ) {
        body.append("{\"from\":\"")
        body.append(time: CivilTime(microsecondsSince1970: query.from))
        body.append("\",\"to\":\"")
        body.append(time: CivilTime(microsecondsSince1970: query.to))
        body.append("\",\"step_seconds\":")
        body.append(decimal: query.stepMicroseconds / 1_000_000)
        body.append(",\"steps\":[")
        var row = 0
        for step in 0..<query.count {
            if step > 0 { body.append(byte: 0x2C) }
            let isThere = row < result.rowCount && result.timestamp(row, 0) == query.start(step)
            writeStep(query, step, result, isThere ? row : nil, into: &body)
            if isThere { row += 1 }
        }
        body.append("]}")
    }

    private static func writeStep(
        _ query: HistorySummaryQuery, _ step: Int, _ result: borrowing QueryResult, _ row: Int?,
        into body: inout ByteBuffer
    ) {
        body.append("{\"from\":\"")
        body.append(time: CivilTime(microsecondsSince1970: query.start(step)))
        body.append("\",\"to\":\"")
        body.append(time: CivilTime(microsecondsSince1970: min(query.start(step + 1), query.to)))
        let count = row.flatMap { result.integer($0, 1) } ?? 0
        let churned = row.flatMap { result.integer($0, 2) } ?? 0
        body.append("\",\"count\":")
        body.append(decimal: count)
        body.append(",\"churned\":")
        body.append(decimal: churned)
        guard let row, count > 0 else { return body.append(",\"churn_share\":null,\"mean_probability\":null}") }
        body.append(",\"churn_share\":")
        body.append(shortest: Double(churned) / Double(count))
        body.append(",\"mean_probability\":")
        body.append(shortest: result.double(row, 3) ?? 0)
        body.append(byte: 0x7D)
    }
}
