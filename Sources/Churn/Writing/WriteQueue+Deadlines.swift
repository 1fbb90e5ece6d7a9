import Bytes
import HTTP
import Linux
import Logging
import Postgres
import Server

/// What becomes of a request that PostgreSQL does not answer in time.
extension WriteQueue {
    /// How long a caller waits for the commit of its row.
    static let answerNanoseconds = 2_000_000_000
    /// How long a batch may be in flight before its connection counts as hung, and is cut.
    static let flightNanoseconds = 5_000_000_000

    /// Looks at the deadlines; to be called at least ten times a second.
    mutating func tick(_ loop: inout Loop, _ office: Office) {
        if let flight, loop.now - flight.sentAt > Self.flightNanoseconds {
            office.log.error("PostgreSQL did not answer a batch in time: its connection is cut")
            lose(&loop, office)
        }
        let latest = loop.now - Self.answerNanoseconds
        if let flight { refuseSent(flight.place, queuedBefore: latest, &loop, office) }
        for place in unknown { refuseSent(place, queuedBefore: latest, &loop, office) }
        refuseUnsent(queuedBefore: latest, &loop, office)
        sendMarkIfDue(&loop, office)
    }

    /// PostgreSQL is away: what has not been sent is refused at once, and so is every request until it is back.
    mutating func beAway(_ loop: inout Loop, _ office: Office) {
        if case .open = writer { return }
        writer = .away
        refuseUnsent(queuedBefore: .max, &loop, office)
    }

    /// Tells callers whose rows have been sent that nobody knows yet; their rows stay where they are.
    private mutating func refuseSent(
        _ place: Int, queuedBefore latest: Int, _ loop: inout Loop, _ office: Office
    ) {
        // Replies are in the order in which they were queued.
        for index in pool[place].replies.indices {
            let reply = pool[place].replies[index]
            if reply.isAnswered { continue }
            if reply.queuedAt >= latest { return }
            refuse(place, index..<index + 1, .outcomeUnknown, &loop, office)
        }
    }

    /// Refuses requests whose rows have never been sent, and takes the rows out: they are not stored, as the answer says.
    private mutating func refuseUnsent(queuedBefore latest: Int, _ loop: inout Loop, _ office: Office) {
        for place in queued where refuseOldest(place, queuedBefore: latest, &loop, office) {
            queued.removeAll { $0 == place }
            release(place)
        }
        if let place = filling { _ = refuseOldest(place, queuedBefore: latest, &loop, office) }
    }

    /// Refuses the oldest requests of a batch that has not been sent.
    ///
    /// - Returns: whether nothing is left in it.
    private mutating func refuseOldest(
        _ place: Int, queuedBefore latest: Int, _ loop: inout Loop, _ office: Office
    ) -> Bool {
        let replies = pool[place].replies
        let late = replies.firstIndex { $0.queuedAt >= latest } ?? replies.count
        if late == 0 { return replies.isEmpty }
        refuse(place, 0..<late, .unavailable, &loop, office)
        pool[place].removeFirst(late)
        return late == replies.count
    }

    /// Answers some callers with a refusal.
    mutating func refuse(
        _ place: Int, _ replies: Range<Int>, _ refusal: Refusal, _ loop: inout Loop, _ office: Office
    ) {
        let now = Clock.monotonicNanoseconds()
        for index in replies where !pool[place].replies[index].isAnswered {
            pool[place].replies[index].isAnswered = true
            let reply = pool[place].replies[index]
            self.refusal.removeAll()
            refusal.problem(for: reply.firstID).write(reply.ticket, DateCache(loop), into: &self.refusal)
            loop.answer(reply.ticket, self.refusal, 0..<self.refusal.count)
            office.metrics.answered(reply.route, reply.method, refusal.status, reply.ticket, now: now)
            office.metrics.refused(refusal)
        }
    }
}
