import Bytes
import Gzip
import HTTP
import Server

/// What is looked at before the body of a prediction is read.
extension PredictService {
    /// Why this request will not be served, whenever it comes.
    func whyNot(_ head: RequestHead, _ bytes: borrowing ByteBuffer) -> Problem? {
        let span = bytes.span
        if let type = head.contentType, !MediaType.json.matches(contentType: span.extracting(type)) {
            return Problem(.unsupportedMediaType, "unsupported-media-type", "The body must be application/json.")
        }
        if head.accept != nil, Negotiation.preferred(among: [.json], span, accept: head.accept) == nil {
            return Problem(.notAcceptable, "not-acceptable", "The answer can be application/json only.")
        }
        return nil
    }

    /// Why no prediction can be stored now, as far as that is known beforehand.
    ///
    /// Static, and told what it needs: Swift 6.3.1 gives a method that only reads `self` a copy of it, three kilobytes each time.
    static func whyNotNow(_ writer: WriteQueue.Writer, _ office: Office) -> Problem? {
        if writer == .away {
            office.metrics.refused(.unavailable)
            return Refusal.unavailable.problem(for: nil)
        }
        if !office.state.isDurable {
            office.metrics.refused(.unavailable)
            return .unavailable(
                "not-durable", "PostgreSQL runs with settings that can lose a commit; see /health/ready.")
        }
        return nil
    }

    /// Refuses a prediction for which there is no room, before anything is done for it.
    ///
    /// One with an Idempotency-Key goes another way: the clerk's.
    /// - Returns: whether it was refused.
    mutating func refuseIfFull(_ request: Request, _ loop: inout Loop) -> Bool {
        guard request.head.idempotencyKey == nil, writes.isFull(now: loop.now) else { return false }
        refuseFull(request.ticket, &loop)
        return true
    }

    mutating func refuseFull(_ ticket: Ticket, _ loop: inout Loop) {
        if ticket.rateLimit == nil {
            overloaded.answer(ticket, &loop)
        } else {
            answer.removeAll()
            Refusal.overloaded.problem(for: nil).write(ticket, DateCache(loop), into: &answer)
            loop.answer(ticket, answer, 0..<answer.count)
        }
        office.metrics.refused(.overloaded)
        office.metrics.answered(.predict, .post, .serviceUnavailable, ticket)
    }

    /// Unpacks a body with a content coding into `unpacked`.
    mutating func unpack(_ request: Request, _ bytes: borrowing ByteBuffer) throws(RequestError) {
        unpacked.removeAll()
        guard try ContentCoding(bytes.span, contentEncoding: request.head.contentEncoding) == .gzip else {
            return unpacked.append(bytes, request.body)
        }
        do throws(GzipError) {
            try gunzip(bytes, request.body, into: &unpacked, limit: bodyBytesMax)
        } catch {
            throw RequestError(error == .tooLarge ? .bodyTooLarge : .malformedContentCoding)
        }
    }
}
