import Bytes
import Gzip
import HTTP
import JSON
import Server

/// `POST /predict`.
extension PredictService {
    /// What the query of a prediction says.
    struct PredictQuery {
        /// `?record=false` scores and stores nothing.
        var records = true
        /// `?allow_stale=true` takes stored features however old they are.
        var allowsStale = false
    }

    mutating func predict(
        _ request: Request, _ caller: Caller, _ bytes: borrowing ByteBuffer, _ loop: inout Loop
    ) {
        if let problem = whyNot(request.head, bytes) { return fail(request, problem, &loop) }
        var query = PredictQuery()
        if !request.head.query.isEmpty {
            do throws(QueryError) {
                query = try PredictQuery(bytes, request.head.query)
            } catch {
                return fail(request, .badQuery(error), &loop)
            }
        }
        if query.records {
            if let problem = Self.whyNotNow(writes.writer, office) { return fail(request, problem, &loop) }
            if refuseIfFull(request, &loop) { return }
        }
        guard predictor.current != nil else { return fail(request, .noModel, &loop) }
        predictor.origin.set(bytes, request.head)
        if request.head.contentEncoding == nil {
            return score(request, query, caller, bytes, request.body, bytes, &loop)
        }
        do throws(RequestError) {
            try unpack(request, bytes)
        } catch {
            return fail(request, Problem(error), &loop)
        }
        // Taken out of self for the time of the call, which changes self.
        var text = take(&unpacked)
        score(request, query, caller, text, 0..<text.count, bytes, &loop)
        swap(&text, &unpacked)
    }

    /// Scores the body, and answers now or when its rows are committed.
    ///
    /// - Parameters:
    ///   - text: the bytes that hold the body.
    ///   - bytes: the bytes that hold the head.
    mutating func score(
        _ request: Request, _ query: PredictQuery, _ caller: Caller, _ text: borrowing ByteBuffer,
        _ range: Range<Int>, _ bytes: borrowing ByteBuffer, _ loop: inout Loop
    ) {
        if query.records, let name = request.head.idempotencyKey {
            return predictOnce(request, query, caller, name, text, range, bytes, &loop)
        }
        let takesGzip = Negotiation.acceptsGzip(bytes.span, acceptEncoding: request.head.acceptEncoding)
        let call = Call(
            ticket: request.ticket, takesGzip: takesGzip,
            options: Predictor.Options(records: query.records, now: loop.wallMicroseconds),
            allowsStale: query.allowsStale, bucket: caller.bucket)
        score(call, text, range, nil, &loop)
    }

    /// A prediction to be made, without the request that asked for it.
    struct Call {
        let ticket: Ticket
        let takesGzip: Bool
        let options: Predictor.Options
        let allowsStale: Bool
        /// What it costs its key; nil where there is no rate.
        let bucket: TokenBucket?
    }

    mutating func score(
        _ call: Call, _ text: borrowing ByteBuffer, _ range: Range<Int>, _ snapshots: Snapshots?, _ loop: inout Loop
    ) {
        if !call.options.records {
            whatIf.answers.removeAll()
            guard append(call, text, range, snapshots, to: nil, &loop) else { return }
            loop.answer(call.ticket, whatIf.answers, 0..<whatIf.answers.count)
            office.metrics.answered(.predict, .post, .ok, call.ticket)
            return
        }
        guard let place = writes.place(now: loop.now) else { return refuseFull(call.ticket, &loop) }
        let firstRow = writes.pool[place].columns.count
        let start = writes.pool[place].answers.count
        guard append(call, text, range, snapshots, to: place, &loop) else { return }
        writes.pool[place].replies.append(
            Reply(
                ticket: call.ticket, route: .predict, method: .post,
                answer: start..<writes.pool[place].answers.count, rows: firstRow..<writes.pool[place].columns.count,
                firstID: predictor.firstID ?? PredictionID(bits: 0), queuedAt: loop.now))
    }

    /// Appends the whole answer and the rows to a batch of the queue, or to the what-if.
    ///
    /// - Returns: false when the request was answered otherwise, or waits for stored features.
    private mutating func append(
        _ call: Call, _ text: borrowing ByteBuffer, _ range: Range<Int>, _ snapshots: Snapshots?, to place: Int?,
        _ loop: inout Loop
    ) -> Bool {
        dates.update(secondsSince1970: loop.wallMicroseconds / 1_000_000)
        let outcome: Predictor.Outcome
        do throws(JSONError) {
            if let place {
                outcome = try Self.append(
                    call, text, range, snapshots, dates, loop.now, &predictor, &writes.pool[place])
            } else {
                outcome = try Self.append(call, text, range, snapshots, dates, loop.now, &predictor, &whatIf)
            }
        } catch {
            fail(call.ticket, .predict, .post, .notJSON(error), &loop)
            return false
        }
        switch outcome {
        case .answered: return true
        case .faulty: fail(call.ticket, .predict, .post, .invalid(predictor.faults), &loop)
        case .overflow: fail(call.ticket, .predict, .post, .overflow, &loop)
        case .needsSnapshots: askForSnapshots(call, text, range, &loop)
        }
        return false
    }

    private static func append(
        _ call: Call, _ text: borrowing ByteBuffer, _ range: Range<Int>, _ snapshots: Snapshots?, _ date: DateCache,
        _ now: Int, _ predictor: inout Predictor, _ batch: inout Batch
    ) throws(JSONError) -> Predictor.Outcome {
        let start = batch.answers.count
        var encoder = ResponseEncoder(.ok, closes: call.ticket.closes, date: date, into: &batch.answers)
        encoder.beginBody(.json, into: &batch.answers)
        let outcome: Predictor.Outcome
        do throws(JSONError) {
            outcome = try predictor.predict(text, range, call.options, snapshots: snapshots, into: &batch)
        } catch {
            batch.answers.truncate(to: start)
            throw error
        }
        guard outcome == .answered else {
            batch.answers.truncate(to: start)
            return outcome
        }
        var ticket = call.ticket
        if let bucket = call.bucket {
            // The first one was paid for when the request came in.
            if predictor.answered > 1 { bucket.owe(predictor.answered - 1, now: now) }
            ticket.rateLimit = bucket.rateLimit(now: now)
        }
        if call.takesGzip, batch.answers.count - encoder.bodyStart >= WholeAnswer.gzipBytesMin {
            pack(&batch.answers, encoder.bodyStart, from: start, ticket, date)
        } else {
            if let limit = ticket.rateLimit { encoder.insert(limit, into: &batch.answers) }
            encoder.end(isHead: false, into: &batch.answers)
        }
        return .answered
    }

    /// Replaces an answer whose body begins at `bodyStart` by the same one, packed.
    private static func pack(
        _ answers: inout ByteBuffer, _ bodyStart: Int, from start: Int, _ ticket: Ticket, _ date: DateCache
    ) {
        var packed = ByteBuffer(capacity: 4096)
        gzip(answers, bodyStart..<answers.count, into: &packed, level: 1)
        answers.truncate(to: start)
        var encoder = ResponseEncoder(.ok, ticket, date, into: &answers)
        encoder.field("Vary", "Accept-Encoding", into: &answers)
        encoder.field("Content-Encoding", "gzip", into: &answers)
        encoder.beginBody(.json, into: &answers)
        answers.append(packed, 0..<packed.count)
        encoder.end(isHead: false, into: &answers)
    }
}

/// Takes a buffer out of its place and leaves an empty one.
private func take(_ buffer: inout ByteBuffer) -> ByteBuffer {
    var taken = ByteBuffer(capacity: 16)
    swap(&taken, &buffer)
    return taken
}
