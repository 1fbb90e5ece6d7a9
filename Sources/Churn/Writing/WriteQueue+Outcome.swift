import HTTP
import Linux
import Logging
import Postgres
import Server

/// What becomes of a batch: committed, refused, or unknown.
extension WriteQueue {
    /// How often the same rows are sent before PostgreSQL counts as unable to store them.
    static let attemptsMax = 5

    /// Takes what the socket has, and acts on every result.
    ///
    /// - Parameter ids: where rows get new ids should PostgreSQL have one of theirs already.
    mutating func ready(_ ids: inout PredictionIDGenerator, _ loop: inout Loop, _ office: Office) {
        guard case .open = writer else { return }
        connection.consume(&loop)
        while case .open = writer, let event = connection.nextEvent() { settle(consume event, &ids, &loop, office) }
    }

    private mutating func settle(
        _ event: consuming PipelineEvent, _ ids: inout PredictionIDGenerator, _ loop: inout Loop, _ office: Office
    ) {
        switch consume event {
        case .completed(let rows): completed(rows)
        case .synced(let outcome): synced(outcome, &ids, &loop, office)
        case .lost: lose(&loop, office)
        case .failed: break  // the outcome of the batch says it again
        case .skipped: break
        case .rows: break  // none of the statements here has rows
        }
    }

    /// The statements of a batch are the rows, where there are any, and then the mark, where it went along.
    private mutating func completed(_ rows: Int) {
        guard let sent = flight else { return }
        if sent.rows > 0, sent.rowsCommitted < 0 {
            flight?.rowsCommitted = rows
        } else {
            flight?.marksCommitted = rows
        }
    }

    private mutating func synced(
        _ outcome: BatchOutcome, _ ids: inout PredictionIDGenerator, _ loop: inout Loop, _ office: Office
    ) {
        guard let done = flight else { return }
        flight = nil
        switch outcome {
        case .committed where done.isAsSent: committed(done, &loop, office)
        case .committed:
            office.log.critical("a batch changed another number of rows than it was sent")
            flight = done
            lose(&loop, office)
        case .unknown:
            // A wait for a replica was cancelled: the rows may or may not outlive this server.
            flight = done
            lose(&loop, office)
        case .refused(let error): refused(done, error, &ids, &loop, office)
        }
    }

    // MARK: Committed

    private mutating func committed(_ done: Flight, _ loop: inout Loop, _ office: Office) {
        if done.rows > 0 {
            office.metrics.committed(rows: done.rows, nanoseconds: Clock.monotonicNanoseconds() - done.sentAt)
        }
        if office.state.refusesInserts { office.state.refusesInserts = false }
        mark.committed(now: loop.now)
        publish(done, office)
        var done = done
        let answered = done.replies
        if let next = done.rest.popLast() {
            done.replies = next
            done.attempts = 1
            transmit(done, &loop, office)
        } else {
            send(&loop, office)
        }
        answer(done.place, answered, &loop, office)
        if flight?.place != done.place { release(done.place) }
    }

    /// Hands the rows to the publisher before their answers leave: who waits for an answer is published in order.
    private mutating func publish(_ done: Flight, _ office: Office) {
        guard let desk = office.desk, done.rows > 0, case .open(let id) = writer else { return }
        desk.committed(pool[done.place].takeEvents(pool[done.place].rows(of: done.replies)), writer: id)
    }

    /// Answers the callers of some replies whose rows are stored.
    mutating func answer(_ place: Int, _ replies: Range<Int>, _ loop: inout Loop, _ office: Office) {
        // Counted before they leave: who has an answer finds it in the metrics.
        let now = Clock.monotonicNanoseconds()
        for index in replies where !pool[place].replies[index].isAnswered {
            let reply = pool[place].replies[index]
            for row in reply.rows { office.metrics.predicted(pool[place].scored[row]) }
            office.metrics.answered(reply.route, reply.method, .ok, reply.ticket, now: now)
        }
        for index in replies where !pool[place].replies[index].isAnswered {
            pool[place].replies[index].isAnswered = true
            if index + 1 < replies.upperBound { loop.expect(pool[place].replies[index + 1].ticket) }
            let reply = pool[place].replies[index]
            loop.answerAtOnce(reply.ticket, pool[place].answers, reply.answer)
        }
    }

    /// Gives a batch back to the pool.
    mutating func release(_ place: Int) {
        pool.giveBack(place)
        if filling == nil { filling = pool.take() }
    }

    // MARK: Refused

    private mutating func refused(
        _ done: Flight, _ error: PostgresError, _ ids: inout PredictionIDGenerator, _ loop: inout Loop, _ office: Office
    ) {
        office.metrics.refusedBatch()
        if PredictionInsert.hasMetIDTwice(error) {
            office.metrics.renumberedBatch()
            office.log.critical("an id was met twice: the rows get new ones", metadata: error.metadata)
            if done.attempts < Self.attemptsMax { return renumber(done, &ids, &loop, office) }
        }
        if error.isBadData { return halve(done, error, &loop, office) }
        if error.isRetriable, done.attempts < Self.attemptsMax {
            var again = done
            again.attempts += 1
            return transmit(again, &loop, office)
        }
        office.log.error("PostgreSQL refused a batch", metadata: error.metadata)
        if error.isNotReady { office.state.refusesInserts = true }
        refuse(done.place, done.replies.lowerBound..<pool[done.place].replies.count, .unavailable, &loop, office)
        release(done.place)
        closeWriter(&loop, office)
    }

    /// Finds the request whose row is refused: halves the batch, left half first, so that ids commit in order.
    private mutating func halve(_ done: Flight, _ error: PostgresError, _ loop: inout Loop, _ office: Office) {
        var done = done
        done.attempts = 1
        if done.replies.count > 1 {
            let middle = done.replies.lowerBound + done.replies.count / 2
            done.rest.append(middle..<done.replies.upperBound)
            done.replies = done.replies.lowerBound..<middle
            return transmit(done, &loop, office)
        }
        let reply = pool[done.place].replies[done.replies.lowerBound]
        let known = pool[done.place].columns.requestID(reply.rows.lowerBound)
        let request = Logger.Metadata.request(known, reply.route)
        office.log.warning("PostgreSQL refused a row", metadata: error.metadata.merging(request) { $1 })
        // An id met again and again is not the caller's fault.
        let refusal: Refusal = PredictionInsert.hasMetIDTwice(error) ? .unavailable : .rowRefused
        refuse(done.place, done.replies, refusal, &loop, office)
        guard let next = done.rest.popLast() else {
            release(done.place)
            return send(&loop, office)
        }
        done.replies = next
        transmit(done, &loop, office)
    }

    // MARK: Lost

    /// The connection is gone, and with it any certainty about the batch in flight.
    ///
    /// The worker goes on with a new writer; the keeper finds out about the batch.
    mutating func lose(_ loop: inout Loop, _ office: Office) {
        guard case .open(let id) = writer else { return }
        office.log.warning("the connection for storing predictions was lost", metadata: ["writer": "\(id)"])
        if let lost = flight {
            flight = nil
            if lost.rows > 0 { handOver(lost, id, office) } else { release(lost.place) }
        }
        closeWriter(&loop, office)
    }

    private mutating func handOver(_ lost: Flight, _ writer: Int32, _ office: Office) {
        let remaining = lost.replies.lowerBound..<pool[lost.place].replies.count
        let rows = pool[lost.place].rows(of: remaining)
        var columns = PredictionColumns()
        columns.append(rows, of: pool[lost.place].columns)
        let requests = remaining.map { index in
            let range = pool[lost.place].replies[index].rows
            return range.lowerBound - rows.lowerBound..<range.upperBound - rows.lowerBound
        }
        unknown.append(lost.place)
        pool[lost.place].firstUnknown = remaining.lowerBound
        office.metrics.unknownBatch()
        office.keeper.post(
            .unknown(
                UnknownBatch(
                    worker: office.worker, place: lost.place, writer: writer, requests: requests,
                    first: pool[lost.place].replies[remaining.lowerBound].firstID, rows: UnknownRows(columns))))
    }

    /// The keeper has found out about a batch.
    mutating func resolved(_ place: Int, _ stored: [Bool], _ loop: inout Loop, _ office: Office) {
        guard let index = unknown.firstIndex(of: place) else { return }
        unknown.remove(at: index)
        let first = pool[place].firstUnknown
        for (offset, isStored) in stored.enumerated() {
            let reply = first + offset..<first + offset + 1
            if isStored {
                answer(place, reply, &loop, office)
            } else {
                refuse(place, reply, .rowRefused, &loop, office)
            }
        }
        release(place)
    }

    /// Ends the connection, if there is one, and asks for the next.
    mutating func closeWriter(_ loop: inout Loop, _ office: Office) {
        guard case .open(let id) = writer else { return }
        office.desk?.lost(writer: id)
        connection.close(&loop)
        writer = .opening
        office.state.writerLost()
        office.keeper.post(.writerWanted(worker: office.worker))
    }

    /// The keeper has made a connection.
    mutating func adopt(_ pipeline: consuming Pipeline, _ id: Int32, _ loop: inout Loop, _ office: Office) {
        connection.open(pipeline, &loop)
        writer = .open(id)
        mark = MarkKeeping()
        office.state.writerOpened()
        send(&loop, office)
    }
}

extension WriteQueue.Flight {
    /// Whether PostgreSQL changed as many rows as it was told to.
    fileprivate var isAsSent: Bool { (rows == 0 || rowsCommitted == rows) && (!hasMark || marksCommitted == 1) }
}
