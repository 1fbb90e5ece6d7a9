package import Bytes
package import HTTP

/// What answers the requests of one worker.
///
/// Every call comes on the worker's thread, and none of them may block.
package protocol Service: ~Copyable {
    /// What other threads tell this worker.
    associatedtype Message: Sendable

    /// Called once on the worker's thread, before anything else.
    mutating func start(_ loop: inout Loop)

    /// A whole request has come: answer it with `loop.answer`, now or later.
    ///
    /// - Parameters:
    ///   - head: its ranges point into `bytes`.
    ///   - body: where the body is in `bytes`, without its transfer coding, with its content coding.
    ///   - bytes: valid during this call only.
    mutating func serve(
        _ head: RequestHead, body: Range<Int>, of bytes: borrowing ByteBuffer, _ ticket: Ticket, _ loop: inout Loop)

    /// A head has come and its body has not, or not all of it: the moment to refuse it unread.
    ///
    /// Called where the client waits for `100 Continue`, or the body is longer than `Limits.bodyBytesBeforeRefusal`; not
    /// where it arrives with its head. `serve` checks everything itself.
    ///
    /// - Parameter ticket: closes, because the body of a refused request is not read (RFC 9112 §9.3).
    /// - Returns: true to let the body come; `serve` follows, unless the client goes away. False when the request was
    ///   answered, or will be, with this ticket.
    mutating func admit(_ head: RequestHead, of bytes: borrowing ByteBuffer, _ ticket: Ticket, _ loop: inout Loop)
        -> Bool

    /// A client broke a rule of HTTP, a limit or a deadline: answer it with the error's status; the connection ends then.
    ///
    /// - Parameters:
    ///   - line: what it asked for, as far as that is known; its path points into `bytes`.
    ///   - bytes: valid during this call only.
    mutating func refuse(
        _ error: RequestError, _ line: RefusedLine, of bytes: borrowing ByteBuffer, _ ticket: Ticket,
        _ loop: inout Loop)

    /// A client is one too many: append the whole answer that it gets before the connection ends.
    ///
    /// - Parameters:
    ///   - shortage: what there is not enough of.
    ///   - ticket: of no request, since nothing was read.
    mutating func turnAway(
        _ shortage: Shortage, _ ticket: Ticket, into output: inout ByteBuffer, _ loop: borrowing Loop)

    /// A message from another thread.
    mutating func receive(_ message: Message, _ loop: inout Loop)

    /// A descriptor given to `loop.watch` is ready; one that has failed is reported as both.
    mutating func descriptorIsReady(_ source: UInt32, readable: Bool, writable: Bool, _ loop: inout Loop)

    /// All events of one wake have been told: the moment to send on what they left, before answers are sent.
    ///
    /// It may be called more than once in a wake.
    mutating func finishWake(_ loop: inout Loop)

    /// Called at least every 100 ms.
    mutating func tick(_ loop: inout Loop)

    /// Whether more comes than this worker can do, and it has enough to do until one of its descriptors is ready.
    ///
    /// Clients are looked at less often then: see `Limits.pauseMilliseconds`.
    mutating func isSaturated(_ loop: borrowing Loop) -> Bool

    /// Whether nothing is under way that a drain has to wait for, beyond the answers that connections await.
    var isIdle: Bool { get }
}

extension Service where Self: ~Copyable {
    package mutating func start(_ loop: inout Loop) {}
    package mutating func descriptorIsReady(_ source: UInt32, readable: Bool, writable: Bool, _ loop: inout Loop) {}
    package mutating func finishWake(_ loop: inout Loop) {}
    package mutating func tick(_ loop: inout Loop) {}
    package mutating func isSaturated(_ loop: borrowing Loop) -> Bool { false }
    package var isIdle: Bool { true }
}
