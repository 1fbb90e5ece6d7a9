import Bytes
import HTTP
import Linux

/// From received bytes to served requests.
///
/// Whoever has sent part of a request has it in a buffer of his own; that buffer takes the place of the inbox while his
/// bytes are looked at, so the way of the bytes is the same for everybody.
extension Worker where S: ~Copyable {
    /// Receives once: after less than there was room for, another call would only say that there is no more.
    mutating func receive(_ slot: Int) {
        if loop.connections[slot].isLingering { return discard(slot) }
        if loop.connections[slot].isClosing || loop.connections[slot].isHeldBack {
            // Nobody wants it now: do not hear of it again until somebody does.
            if loop.connections[slot].isClosing { loop.connections[slot].hasUnread = !loop.connections[slot].hasEnded }
            return loop.watch(slot, reading: false)
        }
        let isOwn = !loop.connections[slot].input.isEmpty
        let room = isOwn ? loop.connections[slot].wantedBytes : inbox.capacity
        if isOwn { swap(&inbox, &loop.connections[slot].input) }
        let count = Socket.receive(loop.connections[slot].descriptor.number, into: &inbox, room: room)
        serveReceived(slot, count: count, room: room, isOwn: isOwn)
    }

    /// Serves what has come into the inbox.
    ///
    /// - Parameter count: what `Socket.receive` said of it.
    mutating func serveReceived(_ slot: Int, count: Int?, room: Int, isOwn: Bool) {
        guard let count else {
            keep(slot, from: inbox.count, isOwn: isOwn)
            return loop.lose(slot)
        }
        var start = 0
        let hadHead = loop.connections[slot].hasHead
        if count >= 0 {
            loop.connections[slot].activeAt = loop.now
            loop.connections[slot].hasEnded = count == 0
            loop.connections[slot].hasUnread = count == room
            start = serveRequests(slot)
        }
        let hasHead = loop.connections[slot].hasHead
        if start > 0 || (hasHead ? !hadHead : !isOwn) { loop.connections[slot].phaseAt = loop.now }
        keep(slot, from: start, isOwn: isOwn)
        if isOwn { loop.judgeInput(slot, count: count, completes: start > 0) }
        lookAgainIfMore(slot, count: count, room: room)
    }

    /// After less than there was room for there is no more, unless the end was reported with the bytes.
    private mutating func lookAgainIfMore(_ slot: Int, count: Int, room: Int) {
        if count == room || loop.connections[slot].isEnding && count > 0 { loop.lookAgain(slot) }
    }

    /// Throws away what a client sends that was told that nobody reads on.
    private mutating func discard(_ slot: Int) {
        let count = Socket.receive(loop.connections[slot].descriptor.number, into: &inbox, room: inbox.capacity)
        inbox.removeAll()
        guard let count, count != 0 else { return loop.connections.remove(slot) }
        lookAgainIfMore(slot, count: count, room: inbox.capacity)
    }

    /// Takes up reading where it was held back.
    mutating func resume(_ slot: Int) {
        guard loop.connections[slot].descriptor.isOpen, loop.connections[slot].isHeldBack,
            loop.connections[slot].hasRoom(loop.limits)
        else { return }
        loop.connections[slot].isHeldBack = false
        loop.connections[slot].phaseAt = loop.now
        swap(&inbox, &loop.connections[slot].input)
        let start = serveRequests(slot)
        keep(slot, from: start, isOwn: true)
        loop.watch(slot, reading: !loop.connections[slot].isHeldBack && !loop.connections[slot].isClosing)
    }

    /// Puts what was not served back to its owner, and the inbox where it belongs.
    private mutating func keep(_ slot: Int, from start: Int, isOwn: Bool) {
        let start = loop.connections[slot].isClosing ? inbox.count : start
        if !isOwn {
            if start < inbox.count {
                loop.connections[slot].input.append(inbox, start..<inbox.count)
                loop.connections.countHeld(slot)
            }
            return inbox.removeAll()
        }
        if start == inbox.count { inbox.removeAll(shrinkingTo: 2 << 10) } else { inbox.removeFirst(start) }
        swap(&inbox, &loop.connections[slot].input)
        loop.connections.countHeld(slot)
    }

    /// Serves every whole request in the inbox, as far as there is room for answers.
    ///
    /// - Returns: where the first byte stands that is not served.
    private mutating func serveRequests(_ slot: Int) -> Int {
        var start = 0
        reading: while !loop.connections[slot].isClosing {
            // A request that was admitted is read to its end in any case: its answer has its room already.
            guard loop.connections[slot].isAdmitted || loop.connections[slot].hasRoom(loop.limits) else {
                loop.connections[slot].isHeldBack = true
                return start
            }
            // Most reads end where a request does.
            if start == inbox.count { break }
            switch loop.connections[slot].advance(&inbox, from: start, parser, &memo) {
            case .incomplete: break reading
            case .head(let head): admit(slot, head)
            case .request(let head, let body, let next):
                start = next
                serve(slot, head, body, isLast: next == inbox.count)
            case .refused(let error): refuse(slot, error, from: start)
            }
        }
        // What is left is not a whole request, and will never be one.
        if loop.connections[slot].hasEnded {
            if loop.connections[slot].ticket != nil { loop.connections[slot].answers.withdraw() }
            loop.connections[slot].stopReading(hasUnread: false)
        }
        if loop.connections[slot].isClosing { loop.queue(slot) }
        return start
    }

    private mutating func promise(_ slot: Int, closes: Bool, isHead: Bool) -> Ticket {
        Ticket(
            client: loop.connections.token(slot), sequence: loop.connections[slot].answers.promise(), closes: closes,
            isHead: isHead, startedAt: loop.now)
    }

    private mutating func serve(_ slot: Int, _ head: RequestHead, _ body: Range<Int>, isLast: Bool) {
        // Whole requests that are here already are served in any case; the last of them announces the end.
        let closes = !head.keepsAlive || loop.announcesClose && isLast
        var ticket: Ticket
        if loop.connections[slot].isAdmitted, let admitted = loop.connections[slot].ticket {
            ticket = admitted
            ticket.startedAt = loop.now
            loop.connections[slot].ticket = nil
            loop.connections[slot].answers.forgetContinue()
        } else {
            ticket = promise(slot, closes: closes, isHead: head.method == .head)
        }
        loop.connections[slot].isUnderWay = false
        ticket.closes = closes
        if closes { loop.connections[slot].stopReading(hasUnread: !isLast) }
        service.serve(head, body: body, of: inbox, ticket, &loop)
    }

    private mutating func admit(_ slot: Int, _ head: RequestHead) {
        let ticket = promise(slot, closes: true, isHead: head.method == .head)
        guard service.admit(head, of: inbox, ticket, &loop) else {
            return loop.connections[slot].stopReading(hasUnread: true)
        }
        loop.connections[slot].ticket = ticket
        if head.expectsContinue {
            loop.connections[slot].answers.promiseContinue(ticket.sequence)
            loop.queue(slot)
        }
    }

    /// Lets the service answer an error of the request that begins at `start` of the inbox, and reads nothing more from this client.
    private mutating func refuse(_ slot: Int, _ error: RequestError, from start: Int) {
        let line = loop.connections[slot].lineOfRefused(inbox, from: start, parser)
        let isHead = loop.connections[slot].head?.method == .head
        var ticket = loop.connections[slot].ticket ?? promise(slot, closes: true, isHead: isHead)
        ticket.startedAt = loop.now
        loop.connections[slot].answers.forgetContinue()
        loop.connections[slot].stopReading(hasUnread: true)
        service.refuse(error, line, of: inbox, ticket, &loop)
    }

    /// Refuses a request that has not come whole, and forgets what has come of it.
    mutating func refuseUnfinished(_ slot: Int, _ rule: RequestRule) {
        swap(&inbox, &loop.connections[slot].input)
        refuse(slot, RequestError(rule), from: 0)
        swap(&inbox, &loop.connections[slot].input)
        loop.connections[slot].input.removeAll(shrinkingTo: 0)
        loop.connections.countHeld(slot)
    }
}
