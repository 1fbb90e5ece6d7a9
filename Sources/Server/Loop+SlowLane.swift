import HTTP
import Linux

/// Clients that take their time.
///
/// They are watched by a poller of their own, which is one descriptor of the worker's, and only a few of them are looked at
/// in a turn. So a thousand of them that send an octet at the same moment keep an ordinary request waiting as long as a
/// few do. They are served all the same, and come back as soon as they have sent a whole request or taken a whole answer.
extension Loop {
    /// A read that brings less than this of a request that had begun before, and does not end it, is a slow one.
    private var briskInputBytes: Int { 512 }

    /// A send that moves less than this of an answer that had to wait before, and does not end it, is a slow one.
    private var briskOutputBytes: Int { 4 << 10 }

    /// Looks at what a read has brought that continued a request.
    ///
    /// - Parameters:
    ///   - count: how many bytes came; -1 for none.
    ///   - completes: whether that request was whole with them.
    mutating func judgeInput(_ slot: Int, count: Int, completes: Bool) {
        guard connections[slot].descriptor.isOpen, !connections[slot].isClosing else { return }
        if completes {
            if connections[slot].isSlow, connections[slot].answers.pending == 0 { setSlow(slot, false) }
        } else if count < briskInputBytes {
            setSlow(slot, true)
        }
    }

    /// Looks at what a send has moved.
    ///
    /// - Parameter hasWaited: whether the answer had to wait for the client before.
    mutating func judgeOutput(_ slot: Int, count: Int, hasWaited: Bool) {
        if connections[slot].answers.pending > 0 {
            if hasWaited, count < briskOutputBytes { setSlow(slot, true) }
        } else if connections[slot].isSlow, connections[slot].isBetweenRequests {
            setSlow(slot, false)
        }
    }

    private mutating func setSlow(_ slot: Int, _ isSlow: Bool) {
        if connections[slot].isSlow == isSlow { return }
        connections[slot].isSlow = isSlow
        let number = connections[slot].descriptor.number
        let interest = connections[slot].interest
        let token = connections.token(slot)
        do throws(SystemError) {
            if isSlow {
                try poller.remove(number)
                try slowLane.add(number, interest, token: token)
            } else {
                try slowLane.remove(number)
                try poller.add(number, interest.union(.onlyChanges), token: token)
            }
        } catch {
            connections.remove(slot)
        }
    }
}
