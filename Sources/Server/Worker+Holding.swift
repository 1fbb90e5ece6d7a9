import HTTP
import Linux

/// What clients keep in memory by taking their time.
///
/// Each has its own bounds, of size and of time; but a body may be a mebibyte, and arrive at a kibibyte a second, so ten
/// thousand clients at their bounds would be more than a machine has.
extension Worker where S: ~Copyable {
    /// Ends who has kept much for longest, until an eighth of what may be kept is free.
    ///
    /// Whoever keeps less than half of what others do on average is left alone: to end a thousand heads would free a few
    /// kilobytes. Who sends a request at once, and takes its answer, is never here.
    mutating func makeRoom() {
        var holders: [(since: Int, slot: Int)] = []
        for slot in 0..<loop.connections.used where loop.connections[slot].heldBytes > 0 {
            holders.append((loop.connections[slot].heldSince, slot))
        }
        let average = loop.connections.heldBytes / max(holders.count, 1)
        holders.removeAll { 2 * loop.connections[$0.slot].heldBytes < average }
        holders.sort { $0.since < $1.since }
        let enough = loop.limits.heldBytes - loop.limits.heldBytes / 8
        for holder in holders where loop.connections.heldBytes > enough { endHolder(holder.slot) }
    }

    private mutating func endHolder(_ slot: Int) {
        let canBeTold = loop.connections[slot].isInRequest && loop.connections[slot].answers.pending == 0
        if canBeTold { refuseUnfinished(slot, .tooMuchHeld) } else { cutOff(slot) }
    }
}
