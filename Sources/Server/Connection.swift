import Bytes
import HTTP
import Linux

/// One client: its socket, what it has sent of the next request, the answers it awaits.
///
/// A place in the table of connections is one of these for ever; clients come and go in it.
struct Connection: ~Copyable {
    /// Not open where the place is free.
    var descriptor = FileDescriptor.none

    /// Told apart from earlier clients in this place by this number.
    var generation: UInt32 = 0

    /// What the socket is watched for.
    var interest: Poller.Interest = []

    // MARK: How far its life has come

    /// No further request is read; the connection ends when all answers are sent.
    var isClosing = false

    /// Bytes may have come that nobody will read: closing at once could take the answer from the client (RFC 9112 §9.6).
    var hasUnread = false

    /// The last byte was sent, and ours is the waiting for the client's end; what comes is thrown away.
    var isLingering = false

    /// The end of what the client sends has come, behind bytes that were not read yet.
    var isEnding = false

    /// The client has sent all it will; it may still read (RFC 9112 §9.6).
    var hasEnded = false

    /// Watched by the slow lane.
    var isSlow = false

    /// Reading waits until answers have left.
    var isHeldBack = false

    /// Whether it is in the list of those that have something to send in this wake.
    var isQueued = false

    /// Whether part of a request was looked at: where it is false, `scan`, `head`, `ticket` and `chunks` are as at the start.
    ///
    /// Asked before they are, which are far away in memory and say nothing for nearly all requests, since those come whole.
    var isUnderWay = false

    // MARK: When, in nanoseconds of the monotonic clock

    /// The last time that something was received or everything was sent.
    var activeAt = 0

    /// When the first byte of the present head came, the present head ended, or lingering began.
    var phaseAt = 0

    /// When a client ends that something waits for, unless it takes more of it: see `Limits.writeEnd`; else 0.
    var sendingUntil = 0

    // MARK: What has come, and what is owed

    /// What was counted last of the memory that this takes: see `ConnectionTable.countHeld`.
    var heldBytes = 0

    /// Received and not served: part of a request, or whole ones while reading is held back.
    var input = ByteBuffer(capacity: 0)

    var answers = AnswerQueue()

    // MARK: A request that has not come whole yet

    /// How far its head has been looked through.
    var scan = HeadScan()

    /// The head, where it is there and the body is not.
    var head: RequestHead?
    var ticket: Ticket?
    var chunks: ChunkedDecoder?

    /// Nothing is awaited from either side.
    var isIdle: Bool { isBetweenRequests && answers.outstanding == 0 && answers.pending == 0 }

    /// Whether something was sent that the client has not taken whole.
    var leavesAnswersLying: Bool { sendingUntil > 0 }

    /// Nothing of a next request has come.
    var isBetweenRequests: Bool { input.isEmpty && !hasHead }

    /// Whether a head has come whose body has not.
    var hasHead: Bool { isUnderWay && head != nil }

    /// Whether it was admitted, and has the room for its answer.
    var isAdmitted: Bool { isUnderWay && ticket != nil }

    /// Whether what comes now is read, and begins a request.
    var isReadFresh: Bool { input.isEmpty && !isClosing && !isHeldBack && !isLingering }

    /// What the client keeps in memory: of requests that are not served yet, and of answers that it has not taken.
    var heldNow: Int { (input.isEmpty ? 0 : input.capacity) + (answers.pending == 0 ? 0 : answers.capacity) }

    /// Since when: octets of a request now and then do not make it later.
    var heldSince: Int { isInRequest ? phaseAt : activeAt }

    /// Whether the client has the turn: it has begun a request that is read.
    var isInRequest: Bool { !isHeldBack && (hasHead || !input.isEmpty && scan.hasBegun) }

    /// Whether there is room for the answer to one more request.
    func hasRoom(_ limits: Limits) -> Bool {
        answers.outstanding < limits.outstandingAnswers && answers.pending <= limits.outputHighWaterBytes
            && !answers.isSharing
    }

    /// Nothing is read after this request.
    ///
    /// - Parameter hasUnread: whether the client has sent more, or may be about to.
    mutating func stopReading(hasUnread: Bool) {
        isClosing = true
        self.hasUnread = (self.hasUnread || hasUnread) && !hasEnded
        head = nil
        ticket = nil
        chunks = nil
    }

    /// Frees the place for the next client; closes the socket.
    mutating func reset() {
        descriptor = .none
        generation = (generation &+ 1) & 0x7FFF_FFFF
        interest = []
        input.removeAll(shrinkingTo: 0)
        answers.reset()
        sendingUntil = 0
        heldBytes = 0
        scan.reset()
        head = nil
        ticket = nil
        chunks = nil
        isClosing = false
        hasUnread = false
        isEnding = false
        hasEnded = false
        isLingering = false
        isSlow = false
        isHeldBack = false
        isQueued = false
        isUnderWay = false
    }
}
