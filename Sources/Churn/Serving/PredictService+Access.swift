import Bytes
import HTTP
import Server

/// Who is let in, and how often.
extension PredictService {
    enum Entrance {
        case open(Caller)
        case refused(Problem)
    }

    /// Lets a request in, and takes what it costs.
    mutating func enter(_ request: inout Request, _ bytes: borrowing ByteBuffer, _ loop: inout Loop) -> Entrance {
        let needed = request.route.scopes
        switch gate.check(needed, request.head, bytes, client: request.ticket.client, now: loop.wallMicroseconds) {
        case .refused(let refusal): return .refused(keptOut(refusal, needed))
        case .open(let key):
            let caller = gate.caller(key)
            guard let bucket = caller.bucket else { return .open(caller) }
            let wait = bucket.take(now: loop.now)
            request.ticket.rateLimit = bucket.rateLimit(now: loop.now)
            guard let wait else { return .open(caller) }
            office.metrics.kept(out: .rate)
            return .refused(.limited(bucket, wait: wait))
        }
    }

    /// Why a request whose body has not come will not be let in, as far as that is known; nothing is taken yet.
    mutating func whyNotIn(
        _ request: inout Request, _ bytes: borrowing ByteBuffer, _ loop: inout Loop
    ) -> Problem? {
        let needed = request.route.scopes
        switch gate.check(needed, request.head, bytes, client: request.ticket.client, now: loop.wallMicroseconds) {
        case .refused(let refusal): return keptOut(refusal, needed)
        case .open(let key):
            guard let bucket = gate.caller(key).bucket else { return nil }
            request.ticket.rateLimit = bucket.rateLimit(now: loop.now)
            guard let wait = bucket.wait(now: loop.now) else { return nil }
            office.metrics.kept(out: .rate)
            return .limited(bucket, wait: wait)
        }
    }

    private func keptOut(_ refusal: AccessRefusal, _ needed: ScopeSet) -> Problem {
        office.metrics.kept(out: refusal)
        return refusal == .scope ? .forbidden(needed) : .unauthorized(refusal)
    }
}
