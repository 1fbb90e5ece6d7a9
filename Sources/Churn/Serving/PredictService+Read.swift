import Bytes
import HTTP
import Learning
import Linux
import Logging
import Postgres
import Server

/// The routes that ask PostgreSQL: `/predict/{id}`, `/history`, `/customers`, `/models` and below; and stored features.
extension PredictService {
    mutating func read(_ request: Request, _ bytes: borrowing ByteBuffer, _ loop: inout Loop) {
        let job: ReadJob
        do throws(ReadRefusal) {
            job = try self.job(request, bytes, now: loop.wallMicroseconds)
        } catch {
            return fail(request, error.problem, &loop)
        }
        let takesGzip = Negotiation.acceptsGzip(bytes.span, acceptEncoding: request.head.acceptEncoding)
        ask(
            PendingRead(
                job: job, ticket: request.ticket, route: request.route, method: request.head.method,
                takesGzip: takesGzip, requestID: Origin.requestID(bytes, request.head).map { bytes.text($0) },
                askedAt: loop.now), &loop)
    }

    /// Why a read is not asked at all.
    private struct ReadRefusal: Error {
        let problem: Problem
    }

    private func job(
        _ request: Request, _ bytes: borrowing ByteBuffer, now: Int
    ) throws(ReadRefusal) -> ReadJob {
        let parameter = request.route.parameter(in: request.head.path)
        switch request.route {
        case .prediction:
            guard let id = parseUUID(bytes.span.extracting(parameter)) else {
                throw ReadRefusal(problem: Problem(.badRequest, "bad-id", "A prediction id is a UUID."))
            }
            return .prediction(PredictionID(bits: id))
        case .model: return .model(bytes.text(parameter))
        case .history:
            let csv = try takesCSV(request, bytes)
            return try asking { () throws(QueryError) in .history(try HistoryQuery(bytes, request.head.query), csv: csv)
            }
        case .summary:
            return try asking { () throws(QueryError) in
                .summary(try HistorySummaryQuery(bytes, request.head.query, now: now))
            }
        case .customers:
            let csv = try takesCSV(request, bytes)
            return try asking { () throws(QueryError) in
                .scoringRun(try CustomersQuery(bytes, request.head.query), csv: csv)
            }
        case .customerEvents:
            guard let customer = QueryFields.decoded(bytes, parameter, plusIsSpace: false), customer.utf8.count <= 256
            else {
                let detail = "A customer's id is 1 to 256 bytes of UTF-8 without control characters, percent-encoded."
                throw ReadRefusal(problem: Problem(.badRequest, "bad-id", detail))
            }
            return try asking { () throws(QueryError) in
                .events(try CustomerEventsQuery(customer, bytes, request.head.query))
            }
        default: return .models
        }
    }

    /// Whether the answer is to be CSV.
    private func takesCSV(_ request: Request, _ bytes: borrowing ByteBuffer) throws(ReadRefusal) -> Bool {
        let form = Negotiation.preferred(among: [.json, .csv], bytes.span, accept: request.head.accept)
        guard let form else {
            let detail = "The answer can be application/json or text/csv."
            throw ReadRefusal(problem: Problem(.notAcceptable, "not-acceptable", detail))
        }
        return form == .csv
    }

    private func asking(_ job: () throws(QueryError) -> ReadJob) throws(ReadRefusal) -> ReadJob {
        do throws(QueryError) { return try job() } catch { throw ReadRefusal(problem: .badQuery(error)) }
    }

    /// Asks PostgreSQL, or says why not.
    mutating func ask(_ read: PendingRead, _ loop: inout Loop) {
        if reads.takesMore { return reads.ask(read) }
        let problem: Problem =
            reads.reader == .open
            ? .unavailable("overloaded", "Too many reads wait already.")
            : .unavailable("database-unavailable", "PostgreSQL does not answer at the moment.")
        fail(read.ticket, read.route, read.method, problem, &loop)
    }

    // MARK: What came back

    /// Acts on every read that has an answer.
    mutating func takeReads(_ loop: inout Loop) {
        while let outcome = reads.next(&loop, office) {
            switch consume outcome {
            case .rows(let read, let result): take(read, result, &loop)
            case .failed(let read, let error): failed(read, error, &loop)
            }
        }
        if reads.abandoned.isEmpty { return }
        let abandoned = reads.abandoned
        reads.abandoned = []
        for read in abandoned {
            let problem = Problem.unavailable("database-unavailable", "PostgreSQL did not answer.")
            fail(read.ticket, read.route, read.method, problem, &loop)
        }
    }

    private mutating func failed(_ read: PendingRead, _ error: PostgresError, _ loop: inout Loop) {
        if error.isCancelled {
            let problem = Problem.unavailable("too-slow", "The question took PostgreSQL too long; narrow it.")
            return fail(read.ticket, read.route, read.method, problem, &loop)
        }
        office.log.error("a read failed", metadata: error.metadata.merging(read.metadata) { $1 })
        let problem = Problem.unavailable("database-unavailable", "PostgreSQL could not answer.")
        fail(read.ticket, read.route, read.method, problem, &loop)
    }

    private mutating func take(_ read: PendingRead, _ result: borrowing QueryResult, _ loop: inout Loop) {
        switch read.job {
        case .prediction(let id): stored(id, read, result, &loop)
        case .artifact(let number, let next): artifact(number, next, read, result, &loop)
        case .history(let query, let csv): page(query, csv: csv, read, result, &loop)
        case .lastExamined(let query, let rows):
            let next = result.rowCount == 1 ? result.uuid(0, 0).map { PredictionID(bits: $0) } : nil
            finishPage(rows, query, next: next, read, &loop)
        case .summary(let query):
            body.removeAll()
            HistorySummary.write(result, query, into: &body)
            sendBody(read, .json, &loop)
        case .scoringRun(let query, let csv): found(query, csv: csv, read, result, &loop)
        case .customers(let query, let run, let csv): page(query, run, csv: csv, read, result, &loop)
        case .events(let query):
            body.removeAll()
            let next = CustomerEventsPage.write(result, query, into: &body)
            sendBody(read, .json, next: next.map { query.target(after: $0) }, &loop)
        case .models:
            body.removeAll()
            ModelList.write(result, into: &body)
            sendBody(read, .json, &loop)
        case .model:
            guard result.rowCount == 1 else {
                let problem = Problem(.notFound, "no-such-model", "No model has this version or number.")
                return fail(read.ticket, read.route, read.method, problem, &loop)
            }
            body.removeAll()
            ModelList.writeOne(result, into: &body)
            sendBody(read, .json, &loop)
        case .snapshots(let waiting): resume(waiting, read, result, &loop)
        }
    }

    mutating func sendBody(
        _ read: PendingRead, _ type: MediaType, next: String? = nil, _ loop: inout Loop
    ) {
        send(read.ticket, read.route, read.method, type, takesGzip: read.takesGzip, next: next, &loop)
        body.removeAll(shrinkingTo: 1 << 16)
    }

    // MARK: One prediction

    private mutating func stored(
        _ id: PredictionID, _ read: PendingRead, _ result: borrowing QueryResult, _ loop: inout Loop
    ) {
        guard result.rowCount == 1 else {
            let problem = Problem(.notFound, "no-such-prediction", "No prediction with this id is stored.")
            return fail(read.ticket, read.route, read.method, problem, &loop)
        }
        let number = StoredPrediction.model(result)
        guard let model = knownModels[number] else {
            return ask(read.followed(by: .artifact(number, then: read.job)), &loop)
        }
        body.removeAll()
        if StoredPrediction.write(id, result, model, into: &body) { return sendBody(read, .json, &loop) }
        let problem = Problem(
            .internalServerError, "unfit-row", "The stored features do not fit the model that the row names.")
        fail(read.ticket, read.route, read.method, problem, &loop)
    }

    private mutating func artifact(
        _ number: Int32, _ next: ReadJob, _ read: PendingRead, _ result: borrowing QueryResult, _ loop: inout Loop
    ) {
        do throws(ModelFileError) {
            guard result.rowCount == 1, let bytes = result.binary(0, 1) else { throw .notAModelFile }
            knownModels[number] = ServingModel(try ModelFile(reading: bytes), number: number)
        } catch {
            var metadata = read.metadata
            metadata["reason"] = "\(error)"
            office.log.error("the model of a stored prediction cannot be read", metadata: metadata)
            let problem = Problem(
                .internalServerError, "unreadable-model", "The model that made this prediction cannot be read.")
            return fail(read.ticket, read.route, read.method, problem, &loop)
        }
        ask(read.followed(by: next), &loop)
    }

    // MARK: History

    private mutating func page(
        _ query: HistoryQuery, csv: Bool, _ read: PendingRead, _ result: borrowing QueryResult, _ loop: inout Loop
    ) {
        let wanted = min(result.rowCount, query.limit)
        var text = ByteBuffer(capacity: 1 << 14)
        let rows =
            csv
            ? HistoryPage.writeCSV(result, rows: wanted, into: &text)
            : HistoryPage.writeJSON(result, rows: wanted, into: &text)
        let page = HistoryRows(text, csv: csv)
        if result.rowCount > rows {
            let last = result.uuid(rows - 1, 0).map { PredictionID(bits: $0) }
            return finishPage(page, query, next: last, read, &loop)
        }
        if !query.isFiltered { return finishPage(page, query, next: nil, read, &loop) }
        // Short: either there is nothing more, or the page looked at as many rows as it may.
        ask(read.followed(by: .lastExamined(query, page)), &loop)
    }

    private mutating func finishPage(
        _ page: HistoryRows, _ query: HistoryQuery, next: PredictionID?, _ read: PendingRead, _ loop: inout Loop
    ) {
        body.removeAll()
        body.append(page.text, 0..<page.text.count)
        if !page.csv { HistoryPage.writeEnd(next: next, into: &body) }
        sendBody(read, page.csv ? .csv : .json, next: next.map { query.target(after: $0) }, &loop)
    }
}
