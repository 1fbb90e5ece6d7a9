/// Every bound that the protocol and its connections have, in one value.
///
/// Sizes are in octets, times in milliseconds. A bound that is reached ends in an answer (the status is named here) and
/// in a closed connection, never in memory that grows with what a client sends.
public struct Limits: Sendable, Equatable {
    // MARK: A request

    /// The request line without its CRLF; above it 414.
    ///
    /// RFC 9112 §3 recommends that every recipient supports at least this many.
    public var requestLineBytes = 8_000

    /// Request line, fields and the empty line together; above it 431.
    public var headBytes = 16_384

    /// Field lines of one head; above it 431.
    public var fields = 64

    /// Empty lines skipped before a request line (RFC 9112 §2.2 asks for at least one); above it 400.
    public var leadingBlankLines = 2

    /// The body as transferred and, where it is compressed, as decoded; above it 413.
    public var bodyBytes = 1 << 20

    /// As much of a body is let come before its request may be refused for something else: the client then keeps its
    /// connection, however its request was cut into packets.
    public var bodyBytesBeforeRefusal = 64 << 10

    /// All chunk extensions of one body together; above it 400 (RFC 9112 §7.1.1).
    public var chunkExtensionBytes = 1_024

    /// The trailer section of one body; above it 431.
    public var trailerBytes = 4_096

    // MARK: A connection

    /// Answers that one connection may owe before the server stops reading from it.
    public var outstandingAnswers = 16

    /// Unsent octets of one connection above which the server stops reading from it.
    public var outputHighWaterBytes = 64 << 10

    /// From the first octet of a request to the end of its head; after it 408.
    public var headMilliseconds = 10_000

    /// From the end of the head to the end of the body, before the allowance for its size; after it 408.
    public var bodyMilliseconds = 10_000

    /// The slowest body that is still waited for: one more second for each of these.
    public var bodyBytesPerSecond = 1_024

    /// Between two requests; after it the connection is closed without an answer.
    public var idleMilliseconds = 75_000

    /// From when an answer begins to wait for its client to when it is taken, before the allowance for its size, and
    /// without progress in any case; after it the connection is reset.
    public var writeStallMilliseconds = 10_000

    /// The slowest client that an answer is still sent to: it has one more second for each of these that it takes.
    public var writeBytesPerSecond = 1_024

    /// How long a refused client's remaining octets are read and thrown away, so that it can read its answer
    /// (RFC 9112 §9.6).
    public var lingerMilliseconds = 2_000

    // MARK: A process

    /// Connections of one process; above it new ones are answered with 503 and closed.
    public var connections = 10_000

    /// What all clients of one process may keep in its memory with requests that have not come whole and answers that they do
    /// not take; above it those who have taken longest are ended, with 503 or a reset.
    ///
    /// Less where the process itself may not have four times as much.
    public var heldBytes = 128 << 20

    // MARK: One turn of a worker's loop
    //
    // Each kind of work has its share of a turn, so that a crowd of one kind holds up the others by a millisecond or two and
    // not by as long as the crowd is large. What is left over is done in the next turn, which follows at once.

    /// Descriptors that are looked at; the batch that leaves at the end of a turn has the rows of so many clients.
    public var eventsPerTurn = 256

    /// Clients that are looked at of those that take their time.
    public var slowEventsPerTurn = 16

    /// Connections accepted at one address, at most: it is one, and twice as many each time after all it took were there.
    public var acceptsPerTurn = 16

    /// Answers sent to clients that others were served before; those to requests of this turn leave in it.
    public var answersPerTurn = 256

    /// Large answers sent, or tried to send on: to copy one takes the kernel as long as several ordinary requests take.
    public var largeAnswersPerTurn = 1

    /// What makes an answer a large one, in octets.
    public var largeAnswerBytes = 16 << 10

    /// Answers of a commit that leave from its own memory, in its turn; the others wait for theirs.
    public var answersAtOncePerTurn = 256

    /// Connections whose deadlines are looked at; all of them get their look ten times a second.
    public var deadlinesPerTurn = 256

    /// Connections that are ended because of the time; the kernel takes longer for one than for an answer.
    public var endingsPerTurn = 8

    /// How long a worker that has more to do than it can lets its clients wait before it looks at them again.
    ///
    /// To wake up for every single request, only to refuse it, costs several times what the refusal does, and takes it from
    /// what could be done instead.
    public var pauseMilliseconds = 1

    /// While the server is ending, how long a client that was just served may take for its next request, so that it learns
    /// of the end from an answer and not from a closed connection.
    public var drainGraceMilliseconds = 250

    public init() {}

    /// The share of one of so many workers in what a process may have.
    public func shared(by workers: Int) -> Limits {
        var share = self
        share.connections = max(connections / workers, 16)
        share.heldBytes = heldBytes / workers
        return share
    }

    /// The time in which a body of `bytes` octets must have arrived, counted from the end of its head.
    public func bodyMilliseconds(for bytes: Int) -> Int {
        bodyMilliseconds + bytes * 1_000 / bodyBytesPerSecond
    }

    /// How long a client waits that takes its answer as slowly as it may.
    ///
    /// - Parameters:
    ///   - end: when it would have been cut off, had it taken nothing; nil where nothing has waited for it until `now`.
    ///   - bytes: how many octets it has taken by now.
    /// - Returns: when it will be cut off; like the times given, in nanoseconds.
    public func writeEnd(after end: Int?, taking bytes: Int, at now: Int) -> Int {
        let latest = now + writeStallMilliseconds * 1_000_000
        guard let end else { return latest }
        return min(end + bytes * 1_000_000_000 / writeBytesPerSecond, latest)
    }
}
