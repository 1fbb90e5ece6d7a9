import HTTP
import Linux

/// Sending, and what a connection does when all is sent.
extension Loop {
    /// Sends what there is to send to every client that has got something new.
    mutating func sendQueued() {
        while let slot = nextQueued() { send(slot) }
    }

    /// Sends what the client at `slot` is owed, and ends or reads on as its state demands.
    mutating func send(_ slot: Int) {
        if connections[slot].answers.pending > 0 {
            let number = connections[slot].descriptor.number
            guard
                let count = Socket.send(number, connections[slot].answers.output, from: connections[slot].answers.sent)
            else { return lose(slot) }
            if count > 0 { connections[slot].answers.removeSent(count) }
            let beginsToWait = count < 0 && !connections[slot].interest.contains(.writable)
            if count > 0 || beginsToWait { connections[slot].sendingAt = now }
        }
        if connections[slot].answers.pending == 0 {
            connections[slot].activeAt = now
            if connections[slot].isClosing, connections[slot].answers.outstanding == 0 { return finish(slot) }
        }
        if connections[slot].isHeldBack, connections[slot].hasRoom(limits) { resumable.append(Int32(slot)) }
        if connections[slot].answers.pending > 0 || connections[slot].interest.contains(.writable) {
            watch(slot, reading: connections[slot].interest.contains(.readable))
        }
    }

    /// Watches a client for what is wanted of it; a system call only where that changes.
    ///
    /// - Parameter reading: whether to watch for input. Not taken away until input comes that nobody wants.
    mutating func watch(_ slot: Int, reading: Bool) {
        var interest: Poller.Interest = reading ? .readable : []
        if connections[slot].answers.pending > 0 { interest.insert(.writable) }
        if interest == connections[slot].interest { return }
        connections[slot].interest = interest
        let token = connections.token(slot)
        do throws(SystemError) {
            try poller.change(connections[slot].descriptor.number, interest, token: token)
        } catch {
            connections.remove(slot)
        }
    }

    /// Ends a connection whose answers are all sent.
    ///
    /// With unread bytes a close would become a reset, which may destroy an answer that the client has not read: so only
    /// our side is closed then, and the rest is thrown away until the client ends, too (RFC 9112 §9.6).
    mutating func finish(_ slot: Int) {
        guard connections[slot].hasUnread else { return connections.remove(slot) }
        connections[slot].isLingering = true
        connections[slot].phaseAt = now
        do throws(SystemError) {
            try Socket.shutdownWriting(connections[slot].descriptor.number)
        } catch {
            return connections.remove(slot)
        }
        watch(slot, reading: true)
    }

    /// The connection broke.
    mutating func lose(_ slot: Int) {
        if !connections[slot].isIdle { statistics.lost += 1 }
        connections.remove(slot)
    }
}
