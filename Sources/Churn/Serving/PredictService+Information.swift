import Bytes
import Gzip
import HTTP
import Server

/// What the service says of itself: health, metrics, the model, its own description.
extension PredictService {
    mutating func inform(_ request: Request, _ bytes: borrowing ByteBuffer, _ loop: inout Loop) {
        let takesGzip = Negotiation.acceptsGzip(bytes.span, acceptEncoding: request.head.acceptEncoding)
        let information = self.information
        switch request.route {
        case .ready: ready(request, &loop)
        case .metrics:
            respond(request, .exposition, takesGzip: takesGzip, &loop) { information.metrics.write(into: &$0) }
        case .champion:
            guard let summary = predictor.current?.summary else { return fail(request, .noModel, &loop) }
            respond(request, .json, takesGzip: takesGzip, &loop) { $0.append(summary) }
        case .openapi: describe(request, takesGzip: takesGzip, &loop)
        default: respond(request, .text, takesGzip: takesGzip, &loop) { $0.append(Information.index) }
        }
    }

    /// `GET /openapi.json`: large and always the same, so it is packed beforehand and copied for nobody.
    private mutating func describe(_ request: Request, takesGzip: Bool, _ loop: inout Loop) {
        let body = takesGzip ? information.openapi.packed : information.openapi.plain
        answer.removeAll()
        var encoder = ResponseEncoder(.ok, request.ticket, DateCache(loop), into: &answer)
        encoder.field("Vary", "Accept-Encoding", into: &answer)
        if takesGzip { encoder.field("Content-Encoding", "gzip", into: &answer) }
        encoder.endHead(.json, bodyCount: body.count, into: &answer)
        loop.answer(request.ticket, answer, 0..<answer.count, request.ticket.isHead ? nil : body)
        office.metrics.answered(.openapi, request.head.method, .ok, request.ticket)
    }

    /// `GET /health/live`: this worker's loop turns, or there would be no answer.
    mutating func live(_ request: Request, _ loop: inout Loop) {
        dates.update(secondsSince1970: loop.wallMicroseconds / 1_000_000)
        answer.removeAll()
        HealthAnswer.live(request.ticket, dates, into: &answer)
        loop.answer(request.ticket, answer, 0..<answer.count)
        office.metrics.answered(.live, request.head.method, .ok, request.ticket)
    }

    mutating func tellOptions(_ request: Request, _ loop: inout Loop) {
        answer.removeAll()
        ServerOptions.write(request.ticket, DateCache(loop), into: &answer)
        loop.answer(request.ticket, answer, 0..<answer.count)
        office.metrics.answered(.other, .options, .ok, request.ticket)
    }

    /// `GET /health/ready`: 200, or 503 with what is missing.
    private mutating func ready(_ request: Request, _ loop: inout Loop) {
        answer.removeAll()
        let status = HealthAnswer.ready(
            office.state.reasons(), model: predictor.current?.version, request.ticket, DateCache(loop), into: &answer)
        loop.answer(request.ticket, answer, 0..<answer.count)
        office.metrics.answered(.ready, request.head.method, status, request.ticket)
    }
}

/// What every worker tells in the same words.
package struct Information: Sendable {
    let metrics: ServiceMetrics
    let openapi: Description
    /// Whether /metrics is at the port of operations alone.
    let hidesMetrics: Bool

    package init(metrics: ServiceMetrics, openapi: [UInt8], hidesMetrics: Bool) {
        self.metrics = metrics
        self.hidesMetrics = hidesMetrics
        self.openapi = Description(openapi)
    }

    /// The description of the interface, as it is and packed.
    struct Description: Sendable {
        let plain: SharedBytes
        let packed: SharedBytes

        init(_ text: [UInt8]) {
            var input = ByteBuffer(capacity: text.count)
            input.append(text)
            var output = ByteBuffer(capacity: text.count / 4)
            gzip(input, 0..<input.count, into: &output, level: 9)
            plain = SharedBytes(text)
            packed = SharedBytes(output.bytes(0..<output.count))
        }
    }

    /// The answer to `GET /`, for a person who looks.
    static let index: StaticString = """
        churn: how likely is each customer to leave, and why.

        POST /predict             {"customer_id":"C-17","features":{...}}; ?record=false stores nothing
        GET  /predict/{id}        one stored prediction
        GET  /history             stored predictions, newest first: customer_id, from, to, churn, model, limit, cursor
        GET  /history/summary     how many, the share of churn, the mean probability: from, to, step
        GET  /customers           the last scoring run, the highest first: as_of, risk, order, limit, cursor
        GET  /customers/{id}/events  what one customer did, newest first: from, to, limit, cursor
        GET  /model               the model that answers now: its inputs, quality, threshold
        GET  /models              all models
        GET  /models/{version}    one model with its file
        GET  /health/live         is the process alive
        GET  /health/ready        can it predict and store; if not, why
        GET  /metrics             for Prometheus
        GET  /openapi.json        the whole interface for programs

        """
}
