import Bytes
import HTTP
import Server

/// What answers at the port of operations: metrics and health, and nothing of anybody's customers.
///
/// It has a thread of its own, so it answers however much the workers have to do.
struct OperationsService: Service, ~Copyable {
    typealias Message = WorkerMessage

    /// Those who look after the service are few, and send nothing large.
    static let limits: Limits = {
        var limits = Limits()
        limits.connections = 64
        limits.heldBytes = 8 << 20
        return limits
    }()

    private let state: ServiceState
    private let information: Information
    private let metrics: WorkerMetrics
    private var body = ByteBuffer(capacity: 4096)
    private var answer = ByteBuffer(capacity: 4096)

    init(_ state: ServiceState, _ information: Information, _ metrics: WorkerMetrics) {
        self.state = state
        self.information = information
        self.metrics = metrics
    }

    mutating func serve(
        _ head: RequestHead, body range: Range<Int>, of bytes: borrowing ByteBuffer, _ ticket: Ticket,
        _ loop: inout Loop
    ) {
        let route = Route.match(bytes.span.extracting(head.path))
        let isAboutServer = ServerOptions.areAsked(head, bytes)
        guard isAboutServer || Self.problem(route, head.method) == nil else {
            return fail(route, head.method, ticket, &loop)
        }
        answer.removeAll()
        var status = Status.ok
        switch route {
        case _ where isAboutServer: ServerOptions.write(ticket, DateCache(loop), into: &answer)
        case .live: HealthAnswer.live(ticket, DateCache(loop), into: &answer)
        case .ready:
            let model = state.servingModel?.version
            status = HealthAnswer.ready(state.reasons(), model: model, ticket, DateCache(loop), into: &answer)
        default:
            body.removeAll()
            information.metrics.write(into: &body)
            let takesGzip = Negotiation.acceptsGzip(bytes.span, acceptEncoding: head.acceptEncoding)
            WholeAnswer(.exposition, takesGzip: takesGzip).write(body, ticket, DateCache(loop), into: &answer)
        }
        loop.answer(ticket, answer, 0..<answer.count)
        metrics.answered(route, head.method, status, ticket)
    }

    /// No path here has a body that is worth waiting for.
    mutating func admit(
        _ head: RequestHead, of bytes: borrowing ByteBuffer, _ ticket: Ticket, _ loop: inout Loop
    ) -> Bool {
        let route = Route.match(bytes.span.extracting(head.path))
        if ServerOptions.areAsked(head, bytes) || Self.problem(route, head.method) == nil { return true }
        fail(route, head.method, ticket, &loop)
        return false
    }

    mutating func refuse(
        _ error: RequestError, _ line: RefusedLine, of bytes: borrowing ByteBuffer, _ ticket: Ticket,
        _ loop: inout Loop
    ) {
        metrics.malformed(error.rule)
        answer.removeAll()
        Problem(error).write(ticket, DateCache(loop), into: &answer)
        loop.answer(ticket, answer, 0..<answer.count)
        metrics.answered(Route(line, of: bytes), line.method, error.status, ticket)
    }

    mutating func turnAway(
        _ shortage: Shortage, _ ticket: Ticket, into output: inout ByteBuffer, _ loop: borrowing Loop
    ) {
        metrics.turnedAway(shortage)
        Problem.tooManyConnections.write(ticket, DateCache(loop), into: &output)
    }

    mutating func receive(_ message: WorkerMessage, _ loop: inout Loop) {
        if case .drain(let deadline) = message { loop.beginDrain(deadline: deadline) }
    }

    // MARK: Refusing

    private static func problem(_ route: Route, _ method: Method) -> Problem? {
        switch route {
        case .live, .ready, .metrics: route.allow.contains(method) ? nil : .wrongMethod(route.allow)
        default: Problem(.notFound, "not-found", "Here are /metrics, /health/live and /health/ready.")
        }
    }

    private mutating func fail(_ route: Route, _ method: Method, _ ticket: Ticket, _ loop: inout Loop) {
        guard let problem = Self.problem(route, method) else { return }
        answer.removeAll()
        problem.write(ticket, DateCache(loop), into: &answer)
        loop.answer(ticket, answer, 0..<answer.count)
        metrics.answered(route, method, problem.status, ticket)
    }
}
