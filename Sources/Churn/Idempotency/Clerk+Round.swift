import Bytes
import HTTP
import JSON
import Linux
import Logging
import Postgres
import Server

/// One round of the clerk: some requests, one transaction, their answers.
extension Clerk {
    /// Requests of one round.
    private static let roundMax = 128

    /// How a request ended, before the transaction does.
    private enum Outcome {
        /// Its answer, which was there before or is new.
        case body([UInt8], isNew: Bool)
        /// The name is that of another request.
        case reused
        case problem(Problem)
    }

    /// A request that was scored, and where its rows and its answer are in the batch.
    private struct Scored {
        let request: NamedRequest
        let rows: Range<Int>
        let answer: Range<Int>
        let first: PredictionID
    }

    private struct Round {
        var outcomes: [(request: NamedRequest, outcome: Outcome)] = []
        var scored: [Scored] = []
        /// Those that wait for the next round.
        var again: [NamedRequest] = []
    }

    /// Answers some of those that wait.
    mutating func settleRound() throws(PostgresError) {
        let taken = takeSome()
        batch.removeAll()
        let round: Round
        do throws(PostgresError) {
            round = try settle(taken)
        } catch {
            waiting = taken + waiting
            return try refused(error, taken)
        }
        if careful > 0 { careful -= 1 }
        waiting = round.again + waiting
        publish(round.scored)
        for (request, outcome) in round.outcomes { post(outcome, to: request) }
    }

    /// Takes requests out of those that wait, of each name one: the others will find its answer.
    private mutating func takeSome() -> [NamedRequest] {
        let most = careful > 0 ? 1 : Self.roundMax
        var names: Set<UInt128> = []
        var taken: [NamedRequest] = []
        var rest: [NamedRequest] = []
        for request in waiting {
            if taken.count < most, names.insert(request.key).inserted {
                taken.append(request)
            } else {
                rest.append(request)
            }
        }
        waiting = rest
        return taken.sorted { $0.key < $1.key }
    }

    /// Everything between BEGIN and COMMIT.
    private mutating func settle(_ taken: [NamedRequest]) throws(PostgresError) -> Round {
        var round = Round()
        try writer!.connection.begin()
        do throws(PostgresError) {
            let found = try IdempotencyStore.find(taken.map(\.key), &writer!.connection)
            for request in taken {
                if let answered = found[request.key] {
                    let isSame = answered.digest == request.digest
                    round.outcomes.append((request, isSame ? .body(answered.answer, isNew: false) : .reused))
                } else if batch.isFull {
                    round.again.append(request)
                } else {
                    try score(request, &round)
                }
            }
            try store(&round)
            if !found.isEmpty { try IdempotencyStore.touch(writerID, &writer!.connection) }
            try writer!.keepMark(round.scored.first?.first, desk)
        } catch {
            if !error.isConnectionLost { try? writer!.connection.rollback() }
            throw error
        }
        try writer!.connection.commit()
        writer!.markIsKept()
        return round
    }

    // MARK: Scoring

    private mutating func score(_ request: NamedRequest, _ round: inout Round) throws(PostgresError) {
        text.removeAll()
        text.append(request.body)
        ids.removeAll()
        ids.append(request.requestID)
        ids.append(request.correlationID)
        let middle = request.requestID.count
        predictor.origin.set(
            ids, requestID: middle == 0 ? nil : 0..<middle,
            correlationID: request.correlationID.isEmpty ? nil : middle..<ids.count)
        let rows = batch.columns.count
        let start = batch.answers.count
        if let problem = try predict(request, nil) {
            round.outcomes.append((request, .problem(problem)))
        } else if let first = predictor.firstID {
            round.scored.append(
                Scored(
                    request: request, rows: rows..<batch.columns.count, answer: start..<batch.answers.count,
                    first: first))
        }
    }

    /// Scores the request in `text`.
    ///
    /// - Returns: why it cannot be, where it cannot.
    private mutating func predict(_ request: NamedRequest, _ snapshots: Snapshots?) throws(PostgresError) -> Problem? {
        let options = Predictor.Options(records: true, now: Clock.wallMicroseconds())
        let start = batch.answers.count
        let outcome: Predictor.Outcome
        do throws(JSONError) {
            outcome = try predictor.predict(text, 0..<text.count, options, snapshots: snapshots, into: &batch)
        } catch {
            batch.answers.truncate(to: start)
            return .notJSON(error)
        }
        if outcome == .answered { return nil }
        batch.answers.truncate(to: start)
        switch outcome {
        case .faulty: return .invalid(predictor.faults)
        case .needsSnapshots: return try predictFromSnapshots(request)
        default: return .overflow
        }
    }

    private mutating func predictFromSnapshots(_ request: NamedRequest) throws(PostgresError) -> Problem? {
        let waiting = WaitingPrediction(
            text, 0..<text.count, customers: predictor.wantedCustomers, model: predictor.current, records: true,
            allowsStale: request.allowsStale, origin: predictor.origin)
        let result = try writer!.connection.execute(
            Snapshots.statement, parameters: [.text(waiting.customersJSON)] + waiting.days.map { Parameter($0) })
        let (snapshots, oldest) = Snapshots.read(result)
        if let problem = waiting.problem(rows: result.rowCount, oldest: oldest, now: Clock.wallMicroseconds()) {
            return problem
        }
        return try predict(request, snapshots)
    }

    // MARK: Storing

    /// Takes the names of the scored requests, and stores the rows of those whose names nobody else has taken meanwhile.
    private mutating func store(_ round: inout Round) throws(PostgresError) {
        var kept: [Scored] = []
        for scored in round.scored {
            let body = batch.answers.bytes(scored.answer)
            let isOurs = try IdempotencyStore.claim(
                scored.request.key, scored.request.digest, first: scored.first, answer: body, &writer!.connection)
            if isOurs {
                kept.append(scored)
                round.outcomes.append((scored.request, .body(body, isNew: true)))
            } else {
                round.again.append(scored.request)
            }
        }
        let isWhole = kept.count == round.scored.count
        round.scored = kept
        if kept.isEmpty { return }
        scalars.removeAll()
        scalars.append(integer: writerID)
        var rows = 0
        for scored in kept { rows += scored.rows.count }
        let stored: Int
        if isWhole {
            stored = try writer!.connection.execute(
                PredictionInsert.text, columns: batch.columns.arrays.span, scalars)
        } else {
            var columns = PredictionColumns()
            for scored in kept { columns.append(scored.rows, of: batch.columns) }
            stored = try writer!.connection.execute(PredictionInsert.text, columns: columns.arrays.span, scalars)
        }
        guard stored == rows else { throw .unsuitable("an insert stored another number of rows than it had") }
    }

    /// The rows are committed: they are told to the publisher before anybody is answered.
    private mutating func publish(_ scored: [Scored]) {
        for one in scored {
            for row in one.rows { metrics.predicted(batch.scored[row]) }
            desk?.committed(EventRows(one.rows, of: batch.events), writer: writerID)
            one.request.bucket?.owe(one.rows.count - 1, now: Clock.monotonicNanoseconds())
        }
    }

    /// PostgreSQL did not take a round.
    private mutating func refused(_ error: PostgresError, _ taken: [NamedRequest]) throws(PostgresError) {
        guard !error.isConnectionLost, error.isBadData || error.isRetriable else { throw error }
        // An id that is there already: the next round makes new ones.
        if error.isRetriable || PredictionInsert.hasMetIDTwice(error) { return }
        log.warning("PostgreSQL refused a named prediction", metadata: error.metadata)
        guard taken.count == 1, let request = taken.first else {
            careful = taken.count
            return
        }
        waiting.removeFirst()
        if careful > 0 { careful -= 1 }
        post(.problem(Refusal.rowRefused.problem(for: nil)), to: request)
    }

    // MARK: Answering

    private func post(_ outcome: Outcome, to request: NamedRequest) {
        let date = DateCache(secondsSince1970: Clock.wallMicroseconds() / 1_000_000)
        var answer = ByteBuffer(capacity: 1024)
        var ticket = request.ticket
        ticket.rateLimit = request.bucket?.rateLimit(now: Clock.monotonicNanoseconds())
        var status = Status.ok
        switch outcome {
        case .problem(let problem):
            status = problem.status
            problem.write(ticket, date, into: &answer)
        case .reused:
            status = Problem.keyReused.status
            Problem.keyReused.write(ticket, date, into: &answer)
            metrics.named(.reused)
        case .body(let bytes, let isNew):
            var body = ByteBuffer(capacity: bytes.count)
            body.append(bytes)
            var whole = WholeAnswer(.json, takesGzip: request.takesGzip)
            whole.variesOnlyPacked = true
            whole.write(body, ticket, date, into: &answer)
            metrics.named(isNew ? .stored : .repeated)
        }
        workers[request.worker].post(
            .namedAnswer(NamedAnswer(ticket: ticket, bytes: answer.bytes, status: status)))
    }
}
