import Bytes
import HTTP
import Linux

/// Connections that end because of the time.
extension Worker where S: ~Copyable {
    /// Looks at some connections; a round begins with each tick, so that the path of a request does not deal with timers.
    mutating func patrol() {
        let end = min(patrolled + loop.limits.deadlinesPerTurn, loop.connections.used)
        var left = loop.limits.endingsPerTurn
        while patrolled < end, left > 0 {
            if closeIfLate(patrolled) { left -= 1 }
            patrolled += 1
        }
    }

    /// Whether the round has come to its end.
    var isPatrolOver: Bool { patrolled >= loop.connections.used }

    /// Looks at every connection at once.
    mutating func closeLate() { for slot in 0..<loop.connections.used { _ = closeIfLate(slot) } }

    /// - Returns: whether the connection was late.
    private mutating func closeIfLate(_ slot: Int) -> Bool {
        guard loop.connections[slot].descriptor.isOpen else { return false }
        let (now, limits) = (loop.now, loop.limits)
        if let lateness = loop.connections[slot].lateness(at: now, limits) {
            end(slot, lateness)
            return true
        }
        if loop.connections[slot].isIdle, !loop.connections[slot].isLingering {
            rest(slot)
        }
        return false
    }

    private mutating func end(_ slot: Int, _ lateness: Lateness) {
        switch lateness {
        case .idle:
            loop.statistics.idleClosed += 1
            loop.connections.remove(slot)
        case .head:
            // Empty lines are not yet a request that could be answered.
            guard loop.connections[slot].scan.hasBegun else { return loop.connections.remove(slot) }
            refuseUnfinished(slot, .headTooSlow)
        case .body: refuseUnfinished(slot, .bodyTooSlow)
        case .sending: cutOff(slot)
        case .lingering: loop.connections.remove(slot)
        }
    }

    /// Ends a connection with an answer that its client does not take.
    mutating func cutOff(_ slot: Int) {
        loop.statistics.stalled += 1
        // It need not wait in the kernel either.
        try? Socket.resetOnClose(loop.connections[slot].descriptor.number)
        loop.connections.remove(slot)
    }

    /// A connection that has nothing to do: it needs no memory, and no connection when the server is ending.
    private mutating func rest(_ slot: Int) {
        let idle = loop.now - loop.connections[slot].activeAt
        if idle > 1_000_000_000 {
            loop.connections[slot].answers.shrink()
            loop.connections[slot].input.removeAll(shrinkingTo: 0)
        }
        guard loop.isDraining, idle >= loop.limits.drainGraceMilliseconds * 1_000_000 else { return }
        // A last look: what the client has sent by now is still answered.
        receive(slot)
        if loop.connections[slot].descriptor.isOpen, loop.connections[slot].isIdle, !loop.connections[slot].isClosing {
            loop.connections.remove(slot)
        }
    }
}
