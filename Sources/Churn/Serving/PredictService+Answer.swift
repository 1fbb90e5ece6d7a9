import Bytes
import Gzip
import HTTP
import Server

/// How answers leave that do not wait for a commit.
extension PredictService {
    /// Bodies below this are not worth packing: they fit into one packet anyway.
    static let gzipBytesMin = 1024

    /// Answers with what `write` appends to `body`.
    mutating func respond(
        _ request: Request, _ type: MediaType, takesGzip: Bool, _ loop: inout Loop,
        _ write: (inout ByteBuffer) -> Void
    ) {
        body.removeAll()
        write(&body)
        send(request.ticket, request.route, request.head.method, type, takesGzip: takesGzip, &loop)
        body.removeAll(shrinkingTo: 1 << 16)
    }

    /// Answers 200 with `body`, packed where that is welcome and worth it.
    ///
    /// - Parameter next: where the next page is, which leaves as a Link field (RFC 8288).
    mutating func send(
        _ ticket: Ticket, _ route: Route, _ method: Method, _ type: MediaType, takesGzip: Bool, next: String? = nil,
        _ loop: inout Loop
    ) {
        answer.removeAll()
        var encoder = ResponseEncoder(.ok, closes: ticket.closes, date: DateCache(loop), into: &answer)
        if let next {
            encoder.field("Link", into: &answer) { value in
                value.append(byte: 0x3C)
                value.append(text: next)
                value.append(">; rel=\"next\"")
            }
        }
        encoder.field(
            "Vary", route == .history || route == .customers ? "Accept, Accept-Encoding" : "Accept-Encoding",
            into: &answer)
        let packs = takesGzip && body.count >= Self.gzipBytesMin
        if packs { encoder.field("Content-Encoding", "gzip", into: &answer) }
        encoder.beginBody(type, into: &answer)
        if packs {
            gzip(body, 0..<body.count, into: &answer, level: 1)
        } else {
            answer.append(body, 0..<body.count)
        }
        encoder.end(isHead: ticket.isHead, into: &answer)
        loop.answer(ticket, answer, 0..<answer.count)
        answer.removeAll(shrinkingTo: 1 << 16)
        office.metrics.answered(route, method, .ok, nanoseconds: loop.now - ticket.startedAt)
    }

    /// Answers with a problem document.
    mutating func fail(_ request: Request, _ problem: Problem, _ loop: inout Loop) {
        fail(request.ticket, request.route, request.head.method, problem, &loop)
    }

    /// Answers with a problem document.
    mutating func fail(
        _ ticket: Ticket, _ route: Route, _ method: Method, _ problem: Problem, _ loop: inout Loop
    ) {
        answer.removeAll()
        problem.write(ticket, DateCache(loop), into: &answer)
        loop.answer(ticket, answer, 0..<answer.count)
        office.metrics.answered(route, method, problem.status, nanoseconds: loop.now - ticket.startedAt)
    }
}
