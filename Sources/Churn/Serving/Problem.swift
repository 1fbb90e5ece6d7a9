import Bytes
import HTTP
import JSON
import Server

/// An error as RFC 9457 has it (`application/problem+json`): what went wrong, for a program and for a person.
///
/// A detail speaks of the interface and of what to do; it never repeats a value that a caller sent.
///
/// A class, so that having none is one word on the way of a request and not a copy of a large value at each step of it.
final class Problem: Sendable {
    let status: Status
    /// The last part of `type`, `urn:churn:problem:NAME`: what a program switches on.
    let name: StaticString
    let detail: String
    /// The Retry-After field (RFC 9110 §10.2.3).
    let retryAfterSeconds: Int?
    /// The WWW-Authenticate field, which a 401 must have (RFC 9110 §15.5.2).
    let challenge: StaticString?
    /// The Allow field.
    let allow: MethodSet?
    /// The byte of the body at which reading stopped.
    let offset: Int?
    let predictionID: PredictionID?
    let faults: Faults?

    init(
        _ status: Status, _ name: StaticString, _ detail: String, retryAfterSeconds: Int? = nil,
        challenge: StaticString? = nil, allow: MethodSet? = nil, offset: Int? = nil,
        predictionID: PredictionID? = nil, faults: Faults? = nil
    ) {
        self.status = status
        self.name = name
        self.detail = detail
        self.retryAfterSeconds = retryAfterSeconds
        self.challenge = challenge
        self.allow = allow
        self.offset = offset
        self.predictionID = predictionID
        self.faults = faults
    }

    /// Appends the whole answer.
    func write(_ ticket: Ticket, _ date: DateCache, into output: inout ByteBuffer) {
        var encoder = ResponseEncoder(status, ticket, date, into: &output)
        if let retryAfterSeconds { encoder.field("Retry-After", decimal: retryAfterSeconds, into: &output) }
        if let challenge { encoder.field("WWW-Authenticate", challenge, into: &output) }
        if let allow { encoder.allow(allow, into: &output) }
        encoder.beginBody(.problem, into: &output)
        writeBody(into: &output)
        encoder.end(isHead: ticket.isHead, into: &output)
    }

    private func writeBody(into body: inout ByteBuffer) {
        body.append("{\"type\":\"urn:churn:problem:")
        body.append(name)
        body.append("\",\"title\":\"")
        body.append(status.reason)
        body.append("\",\"status\":")
        body.append(decimal: status.code)
        body.append(",\"detail\":")
        body.append(jsonString: detail)
        if let offset {
            body.append(",\"offset\":")
            body.append(decimal: offset)
        }
        if let predictionID {
            body.append(",\"prediction_id\":\"")
            body.append(uuid: predictionID.bits)
            body.append(byte: 0x22)
        }
        if let faults {
            body.append(byte: 0x2C)
            faults.write(into: &body)
        }
        body.append("}\n")
    }
}

extension Problem {
    /// What the parser of requests refused.
    convenience init(_ error: RequestError) {
        // Of what is refused here only this is no fault of the client's, and may do better next time.
        let isOurs = error.status == .serviceUnavailable
        self.init(
            error.status, isOurs ? "overloaded" : "malformed-request",
            "\(error.rule.explanation) (\(error.rule.clause))", retryAfterSeconds: isOurs ? 1 : nil)
    }

    static func notJSON(_ error: JSONError) -> Problem {
        Problem(.badRequest, "not-json", "The body is not JSON (RFC 8259): \(error).", offset: error.offset)
    }

    static func invalid(_ faults: Faults) -> Problem {
        Problem(
            .unprocessableContent, "invalid-instance", "Nothing was stored: `errors` names every fault by its place.",
            faults: faults)
    }

    static func wrongMethod(_ allow: MethodSet) -> Problem {
        Problem(.methodNotAllowed, "method-not-allowed", "This path takes other methods; see Allow.", allow: allow)
    }

    static let notFound = Problem(.notFound, "not-found", "There is nothing at this path; GET / names the routes.")

    static let overflow = Problem(
        .unprocessableContent, "overflow", "A feature is so large that its contribution is not a finite number.")

    static let noModel = Problem.unavailable("no-model", "No model is loaded yet; see /health/ready.")

    static let tooManyConnections = Problem.unavailable(
        "too-many-connections", "The service has as many connections as it takes; close some, or use another instance.")

    /// The service cannot do it now.
    static func unavailable(
        _ name: StaticString, _ detail: String, predictionID: PredictionID? = nil
    ) -> Problem {
        Problem(.serviceUnavailable, name, detail, retryAfterSeconds: 1, predictionID: predictionID)
    }
}
