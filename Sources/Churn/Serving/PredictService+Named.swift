import Bytes
import HTTP
import Linux
import Server

/// Predictions that their callers name by an `Idempotency-Key`: they go to the clerk, and their answers come back from it.
extension PredictService {
    /// Named predictions that one worker lets wait for the clerk, and the size of their bodies together.
    static let namedMax = 256
    static let namedBytesMax = 8 << 20

    /// A request that is with the clerk.
    struct Named {
        let ticket: Ticket
        let bytes: Int
        /// In monotonic nanoseconds.
        let askedAt: Int
    }

    /// Sends a prediction to the clerk.
    ///
    /// - Parameters:
    ///   - text: the bytes that hold the body.
    ///   - bytes: the bytes that hold the head.
    mutating func predictOnce(
        _ request: Request, _ query: PredictQuery, _ caller: Caller, _ name: Range<Int>,
        _ text: borrowing ByteBuffer, _ range: Range<Int>, _ bytes: borrowing ByteBuffer, _ loop: inout Loop
    ) {
        guard IdempotencyDigest.isKey(name, bytes) else { return fail(request, .badName, &loop) }
        guard named.count < Self.namedMax, namedBytes < Self.namedBytesMax else {
            office.metrics.refused(.overloaded)
            return fail(request, Refusal.overloaded.problem(for: nil), &loop)
        }
        named.append(Named(ticket: request.ticket, bytes: range.count, askedAt: loop.now))
        office.clerk.post(
            .named(
                NamedRequest(
                    worker: office.worker, ticket: request.ticket, key: IdempotencyDigest.key(caller, name, bytes),
                    digest: IdempotencyDigest.request(request.head.query, of: bytes, range, of: text),
                    body: text.bytes(range),
                    takesGzip: Negotiation.acceptsGzip(bytes.span, acceptEncoding: request.head.acceptEncoding),
                    allowsStale: query.allowsStale, requestID: predictor.origin.requestID.bytes,
                    correlationID: predictor.origin.correlationID.bytes, bucket: caller.bucket, askedAt: loop.now)))
    }

    private var namedBytes: Int { named.reduce(0) { $0 + $1.bytes } }

    /// The clerk has an answer.
    mutating func deliver(_ answered: NamedAnswer, _ loop: inout Loop) {
        let ticket = answered.ticket
        let index = named.firstIndex { $0.ticket.client == ticket.client && $0.ticket.sequence == ticket.sequence }
        // Who waited too long has been told so.
        guard let index else { return }
        named.remove(at: index)
        answer.removeAll()
        answer.append(answered.bytes)
        loop.answer(ticket, answer, 0..<answer.count)
        answer.removeAll(shrinkingTo: 1 << 16)
        office.metrics.answered(.predict, .post, answered.status, ticket)
    }

    /// Tells those who have waited as long as anybody waits for a commit.
    mutating func refuseLateNamed(_ loop: inout Loop) {
        while let oldest = named.first, loop.now - oldest.askedAt > WriteQueue.answerNanoseconds {
            named.removeFirst()
            office.metrics.refused(.outcomeUnknown)
            fail(oldest.ticket, .predict, .post, .namedUnknown, &loop)
        }
    }
}

extension Problem {
    static let badName = Problem(
        .badRequest, "bad-idempotency-key", "An Idempotency-Key has 1 to 255 visible ASCII characters.")

    static let keyReused = Problem(
        .unprocessableContent, "idempotency-key-reused",
        "This Idempotency-Key was used for another request; nothing was stored.")

    static let namedUnknown = Problem.unavailable(
        "outcome-unknown",
        "PostgreSQL did not confirm in time. Send the request again with the same Idempotency-Key: it is stored once.")
}
