import Bytes
import HTTP
import JSON
import Server

/// The answers of `/health`, whoever gives them.
enum HealthAnswer {
    /// This thread's loop turns, or there would be no answer.
    static func live(_ ticket: Ticket, _ date: DateCache, into answer: inout ByteBuffer) {
        var encoder = ResponseEncoder(.ok, closes: ticket.closes, date: date, into: &answer)
        encoder.beginBody(.json, into: &answer)
        answer.append("{\"status\":\"live\"}\n")
        encoder.end(isHead: ticket.isHead, into: &answer)
    }

    /// 200, or 503 with what is missing.
    static func ready(
        _ reasons: [(check: String, reason: String)], model: String?, _ ticket: Ticket, _ date: DateCache,
        into answer: inout ByteBuffer
    ) -> Status {
        let status: Status = reasons.isEmpty ? .ok : .serviceUnavailable
        var encoder = ResponseEncoder(status, closes: ticket.closes, date: date, into: &answer)
        if !reasons.isEmpty { encoder.field("Retry-After", decimal: 1, into: &answer) }
        encoder.beginBody(.json, into: &answer)
        answer.append(reasons.isEmpty ? "{\"status\":\"ready\",\"reasons\":[" : "{\"status\":\"unready\",\"reasons\":[")
        for (index, reason) in reasons.enumerated() {
            if index > 0 { answer.append(byte: 0x2C) }
            answer.append(jsonString: "\(reason.check): \(reason.reason)")
        }
        answer.append("],\"model\":")
        if let model { answer.append(jsonString: model) } else { answer.append("null") }
        answer.append("}\n")
        encoder.end(isHead: ticket.isHead, into: &answer)
        return status
    }
}
