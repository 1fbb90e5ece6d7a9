import Bytes
import Postgres

/// The answer to `GET /history/summary`: every step of the period, those without predictions, too.
///
/// Where there are more predictions than one answer may look at, it counts back from the end to an instant, which may lie
/// within a step: that step has the figures of its later part, those before it have nulls, and neither is `complete`.
/// Whoever wants the rest asks again, up to where this answer has counted from.
enum HistorySummary {
    static func write(
        _ result: borrowing QueryResult, _ query: HistorySummaryQuery, into body: inout ByteBuffer
    ) {
        let first = result.rowCount > 0 ? result.integer(0, 0) ?? 0 : query.count
        let beyond = result.rowCount > 0 ? result.uuid(0, 4).map { PredictionID(bits: $0) } : nil
        let isComplete = first == 0 && beyond == nil
        body.append("{\"from\":\"")
        body.append(time: CivilTime(microsecondsSince1970: query.from))
        body.append("\",\"to\":\"")
        body.append(time: CivilTime(microsecondsSince1970: query.to))
        body.append("\",\"step_seconds\":")
        body.append(decimal: query.stepMicroseconds / 1_000_000)
        body.append(isComplete ? ",\"complete\":true,\"counted_from\":\"" : ",\"complete\":false,\"counted_from\":\"")
        let countedFrom = beyond.map { $0.microseconds + 1 } ?? query.start(first)
        body.append(time: CivilTime(microsecondsSince1970: min(countedFrom, query.to)))
        body.append("\",\"steps\":[")
        for step in 0..<query.count {
            if step > 0 { body.append(byte: 0x2C) }
            let row = step >= first ? step - first : nil
            writeStep(query, step, result, row, isComplete: step > first || step == first && beyond == nil, into: &body)
        }
        body.append("]}")
    }

    /// - Parameter row: of the result; nil for a step that was not counted.
    private static func writeStep(
        _ query: HistorySummaryQuery, _ step: Int, _ result: borrowing QueryResult, _ row: Int?, isComplete: Bool,
        into body: inout ByteBuffer
    ) {
        body.append("{\"from\":\"")
        body.append(time: CivilTime(microsecondsSince1970: query.start(step)))
        body.append("\",\"to\":\"")
        body.append(time: CivilTime(microsecondsSince1970: min(query.start(step + 1), query.to)))
        body.append(isComplete ? "\",\"complete\":true,\"count\":" : "\",\"complete\":false,\"count\":")
        guard let row else {
            return body.append("null,\"churned\":null,\"churn_share\":null,\"mean_probability\":null}")
        }
        let count = result.integer(row, 1) ?? 0
        let churned = result.integer(row, 2) ?? 0
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
