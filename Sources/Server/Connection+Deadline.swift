import Bytes
import HTTP
import Linux

/// What a connection has taken too long for.
package enum Lateness: Sendable {
    /// No request came.
    case idle
    case head
    case body

    /// The client does not take its answer.
    case sending

    /// The client does not end its side.
    case lingering
}

extension Connection {
    /// What this connection is late with at `now`, if anything.
    ///
    /// A byte now and then does not help: a time runs from the beginning of what it is for, and what has a size has more time
    /// for it, at the slowest rate that is accepted. While reading is held back the client is not late.
    ///
    /// It changes nothing, and is mutating all the same: else the compiler copies the whole of self for each call.
    mutating func lateness(at now: Int, _ limits: Limits) -> Lateness? {
        if isLingering { return now - phaseAt > limits.lingerMilliseconds * 1_000_000 ? .lingering : nil }
        // One that nobody has tried to send yet is not late.
        if leavesAnswersLying, now > sendingUntil { return .sending }
        if isClosing || isHeldBack { return nil }
        if hasHead {
            let allowed = limits.bodyMilliseconds(for: receivedBodyBytes)
            return now - phaseAt > allowed * 1_000_000 ? .body : nil
        }
        if !input.isEmpty { return now - phaseAt > limits.headMilliseconds * 1_000_000 ? .head : nil }
        if isIdle { return now - activeAt > limits.idleMilliseconds * 1_000_000 ? .idle : nil }
        return nil
    }
}
