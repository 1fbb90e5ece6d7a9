import Bytes
import HTTP
import Server

/// How answers leave that do not wait for a commit.
extension PredictService {
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
        var whole = WholeAnswer(type, takesGzip: takesGzip)
        whole.next = next
        if route == .history || route == .customers { whole.varies = "Accept, Accept-Encoding" }
        whole.write(body, ticket, DateCache(loop), into: &answer)
        loop.answer(ticket, answer, 0..<answer.count)
        answer.removeAll(shrinkingTo: 1 << 16)
        office.metrics.answered(route, method, .ok, ticket)
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
        office.metrics.answered(route, method, problem.status, ticket)
    }
}
