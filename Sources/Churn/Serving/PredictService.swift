import Bytes
import HTTP
import Linux
import Server

/// What one worker does with requests: the routes, the model, the way to PostgreSQL and back.
///
/// Routes are in extensions: predictions in `+Predict`, reads in `+Read`, the rest in `+Information`.
struct PredictService: Service, ~Copyable {
    typealias Message = WorkerMessage

    let office: Office
    let information: Information
    /// Largest body before and after unpacking.
    let bodyBytesMax: Int
    var gate: Gatekeeper
    var writes = WriteQueue()
    var reads = ReadQueue()
    /// Requests that are with the clerk, oldest first.
    var named: [Named] = []
    var predictor: Predictor
    /// Models that stored predictions were made with, by number; they are few and never change.
    var knownModels: [Int32: ServingModel] = [:]
    var dates = DateCache(secondsSince1970: 0)
    var overloaded = StandingAnswer(Refusal.overloaded.problem(for: nil))
    /// Takes the answers of what-ifs.
    var whatIf = Batch()
    /// A body of a request, unpacked.
    var unpacked = ByteBuffer(capacity: 16)
    /// A body of an answer, and a whole answer, of routes that do not wait for a commit.
    var body = ByteBuffer(capacity: 4096)
    var answer = ByteBuffer(capacity: 4096)

    init(_ office: Office, _ information: Information, keys: KeySet?, bodyBytesMax: Int) {
        self.office = office
        gate = Gatekeeper(keys)
        self.information = information
        self.bodyBytesMax = bodyBytesMax
        var random = SystemRandomNumberGenerator()
        predictor = Predictor(seed: random.next())
        writes.pool.keepEvents(office.desk != nil)
    }

    var isIdle: Bool { writes.isIdle && reads.isIdle && named.isEmpty }

    // MARK: Requests

    mutating func serve(
        _ head: RequestHead, body: Range<Int>, of bytes: borrowing ByteBuffer, _ ticket: Ticket, _ loop: inout Loop
    ) {
        let route = Route.match(bytes.span.extracting(head.path))
        var request = Request(head: head, route: route, body: body, ticket: ticket)
        guard route.allow.contains(head.method) else {
            if ServerOptions.areAsked(head, bytes) { return tellOptions(request, &loop) }
            if route == .other { return fail(request, .notFound, &loop) }
            return fail(request, .wrongMethod(route.allow), &loop)
        }
        if route == .metrics, information.hidesMetrics { return fail(request, .notFound, &loop) }
        let caller: Caller
        switch enter(&request, bytes, &loop) {
        case .refused(let problem): return fail(request, problem, &loop)
        case .open(let found): caller = found
        }
        switch route {
        case .predict: predict(request, caller, bytes, &loop)
        case .live: live(request, &loop)
        case .prediction, .history, .summary, .customers, .customerEvents, .models, .model:
            read(request, bytes, &loop)
        case .ready, .metrics, .champion, .openapi, .index: inform(request, bytes, &loop)
        case .other: fail(request, .notFound, &loop)
        }
    }

    /// Refuses what can be refused before its body has come: unknown paths, wrong methods, callers without a key, and predictions under overload.
    mutating func admit(
        _ head: RequestHead, of bytes: borrowing ByteBuffer, _ ticket: Ticket, _ loop: inout Loop
    ) -> Bool {
        let route = Route.match(bytes.span.extracting(head.path))
        var request = Request(head: head, route: route, body: 0..<0, ticket: ticket)
        if !route.allow.contains(head.method) {
            if ServerOptions.areAsked(head, bytes) { return true }
            fail(request, route == .other ? .notFound : .wrongMethod(route.allow), &loop)
            return false
        }
        if let problem = whyNotIn(&request, bytes, &loop) {
            fail(request, problem, &loop)
            return false
        }
        if route == .predict, let problem = whyNot(head, bytes) {
            fail(request, problem, &loop)
            return false
        }
        let isWhatIf = (try? PredictQuery(bytes, head.query))?.records == false
        if route != .predict || isWhatIf { return true }
        if let problem = Self.whyNotNow(writes.writer, office) {
            fail(request, problem, &loop)
            return false
        }
        return !refuseIfFull(request, &loop)
    }

    mutating func refuse(
        _ error: RequestError, _ line: RefusedLine, of bytes: borrowing ByteBuffer, _ ticket: Ticket,
        _ loop: inout Loop
    ) {
        office.metrics.malformed(error.rule)
        answer.removeAll()
        Problem(error).write(ticket, DateCache(loop), into: &answer)
        loop.answer(ticket, answer, 0..<answer.count)
        office.metrics.answered(Route(line, of: bytes), line.method, error.status, ticket)
    }

    mutating func turnAway(
        _ shortage: Shortage, _ ticket: Ticket, into output: inout ByteBuffer, _ loop: borrowing Loop
    ) {
        office.metrics.turnedAway(shortage)
        Problem.tooManyConnections.write(ticket, DateCache(loop), into: &output)
    }

    // MARK: Events

    mutating func receive(_ message: WorkerMessage, _ loop: inout Loop) {
        switch message {
        case .writer(let connection, let id): writes.adopt(connection.take(), id, &loop, office)
        case .reader(let connection): reads.adopt(connection.take(), &loop)
        case .away: writes.beAway(&loop, office)
        case .model(let model): adopt(model)
        case .keys(let keys): gate.adopt(keys)
        case .named: break  // for the clerk
        case .namedAnswer(let answer): deliver(answer, &loop)
        case .resolved(let place, let stored): writes.resolved(place, stored, &loop, office)
        case .drain(let deadline): loop.beginDrain(deadline: deadline)
        }
    }

    private mutating func adopt(_ model: ServingModel) {
        knownModels[model.number] = model
        let slot = office.metrics.slot(of: model)
        predictor.adopt(model, slot: slot)
    }

    mutating func descriptorIsReady(_ source: UInt32, readable: Bool, writable: Bool, _ loop: inout Loop) {
        if source == EventSource.writer { return writes.ready(&predictor.ids, &loop, office) }
        reads.consume(&loop)
        takeReads(&loop)
    }

    mutating func finishWake(_ loop: inout Loop) {
        writes.send(&loop, office)
        reads.finishWake(&loop)
    }

    mutating func isSaturated(_ loop: borrowing Loop) -> Bool { writes.isSaturated(now: loop.now) }

    mutating func tick(_ loop: inout Loop) {
        writes.tick(&loop, office)
        reads.tick(&loop, office)
        takeReads(&loop)
        refuseLateNamed(&loop)
        office.metrics.waiting(rows: writes.waitingRows, reads: reads.waitingCount, connections: loop.connectionCount)
    }
}

/// One request and what is known of it.
struct Request {
    let head: RequestHead
    let route: Route
    /// Where its body is in the bytes that were received.
    let body: Range<Int>
    var ticket: Ticket
}
