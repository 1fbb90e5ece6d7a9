package import Bytes
import HTTP
import Linux

/// Sending, and what a connection does when all is sent.
extension Loop {
    /// Answers a request like `answer`, but sends what is in turn at once, and from `bytes` itself.
    ///
    /// For many answers at a time, as when a batch has committed: what leaves at once never touches the memory of its
    /// connection. Beyond `Limits.answersAtOncePerTurn` they wait in theirs. Not to be called from within `serve`, `admit`
    /// or `refuse`: it may end a connection.
    package mutating func answerAtOnce(_ ticket: Ticket, _ bytes: borrowing ByteBuffer, _ range: Range<Int>) {
        guard let slot = connections.slot(of: ticket.client) else { return }
        guard atOnceLeft > 0, connections[slot].answers.canLeaveNow(ticket.sequence) else {
            return answer(ticket, bytes, range)
        }
        atOnceLeft -= 1
        guard let count = Socket.send(connections[slot].descriptor.number, bytes, range) else { return lose(slot) }
        let rest = range.lowerBound + max(count, 0)..<range.upperBound
        connections[slot].answers.put(ticket.sequence, bytes, rest)
        if connections[slot].answers.pending > 0 { return queue(slot) }
        hasSentAll(slot)
    }

    /// Sends what the client at `slot` is owed, and ends or reads on as its state demands.
    mutating func send(_ slot: Int) {
        let hasWaited = connections[slot].leavesAnswersLying
        var moved = 0
        if connections[slot].answers.pending > 0 {
            let number = connections[slot].descriptor.number
            let sent = unsafe connections[slot].answers.send { own, shared, behind in
                unsafe try? Socket.send(number, own, shared, behind) ?? -1
            }
            guard let sent else { return lose(slot) }
            moved = max(sent, 0)
        }
        if connections[slot].answers.pending == 0 {
            hasSentAll(slot)
        } else {
            let end = hasWaited ? connections[slot].sendingUntil : nil
            connections[slot].sendingUntil = limits.writeEnd(after: end, taking: moved, at: now)
            if !readOnIfThereIsRoom(slot) { holdBackIfThereIsNoRoom(slot) }
            watch(slot, reading: connections[slot].interest.contains(.readable) && !connections[slot].isHeldBack)
            if connections[slot].descriptor.isOpen { connections.countHeld(slot) }
        }
        if hasWaited || connections[slot].isSlow { judgeOutput(slot, count: moved, hasWaited: hasWaited) }
    }

    /// Nothing is left in the output: the connection ends, or goes on.
    private mutating func hasSentAll(_ slot: Int) {
        connections[slot].activeAt = now
        connections[slot].sendingUntil = 0
        if connections[slot].heldBytes > 0 { connections.countHeld(slot) }
        if connections[slot].isClosing, connections[slot].answers.outstanding == 0 { return finish(slot) }
        // Whoever is read from again is watched anew then.
        if readOnIfThereIsRoom(slot) { return }
        if connections[slot].interest.contains(.writable) {
            watch(slot, reading: connections[slot].interest.contains(.readable))
        }
    }

    /// - Returns: whether the client will be read from, and watched for it, at the end of this wake.
    private mutating func readOnIfThereIsRoom(_ slot: Int) -> Bool {
        guard connections[slot].isHeldBack, connections[slot].hasRoom(limits) else { return false }
        resumable.append(slot)
        return true
    }

    /// Who is to be watched for taking an answer is told in the same call that nothing is read from him meanwhile, where it would
    /// only be left lying: a client that asks for much sends on, and would be looked at once more for nothing.
    private mutating func holdBackIfThereIsNoRoom(_ slot: Int) {
        if connections[slot].isBetweenRequests, !connections[slot].isClosing, !connections[slot].hasRoom(limits) {
            connections[slot].isHeldBack = true
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
        tellPoller(slot)
    }

    /// Lets a client be reported again who may have sent more than was read: of the ordinary ones only changes are reported.
    mutating func lookAgain(_ slot: Int) {
        if connections[slot].descriptor.isOpen, !connections[slot].isSlow { tellPoller(slot) }
    }

    private mutating func tellPoller(_ slot: Int) {
        let interest = connections[slot].interest
        let token = connections.token(slot)
        let number = connections[slot].descriptor.number
        do throws(SystemError) {
            if connections[slot].isSlow {
                try slowLane.change(number, interest, token: token)
            } else {
                try poller.change(number, interest.union(.onlyChanges), token: token)
            }
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
