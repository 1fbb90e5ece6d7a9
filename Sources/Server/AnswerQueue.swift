package import Bytes
import HTTP

/// The answers of one connection: given in any order, sent in the order of their requests (RFC 9112 §9.3.2).
///
/// The next answer in turn goes to the output; one that comes early is kept until its turn. Nothing is allocated once the
/// two buffers have reached the size that a client's habits need.
package struct AnswerQueue: ~Copyable {
    /// The most answers that can be awaited at a time.
    package static let outstandingMax = 16

    /// An early answer in `early`; `end` is 0 where there is none.
    private struct Place {
        var start = 0
        var end = 0
    }

    private var outbox = Outbox()

    /// The oldest request that is not answered, and the number of the next request.
    private var first: UInt32 = 0
    private var next: UInt32 = 0

    /// The request whose client waits for `100 Continue`.
    private var continued: UInt32?

    // What few requests need comes last: it should not take room in the cache between what all of them need.
    private var earlyCount = 0
    private var early = ByteBuffer(capacity: 0)
    private var places = InlineArray<16, Place>(repeating: Place())

    package init() {}

    /// How many requests have no answer in the output yet.
    package var outstanding: Int { Int(next &- first) }

    /// How many bytes are to be sent.
    package var pending: Int { outbox.count }

    /// What they take in memory, apart from what they share with others.
    package var capacity: Int { outbox.capacity + early.capacity }

    /// Whether an answer with a large shared body is being sent: another one now would have to be copied.
    package var isSharing: Bool { outbox.isSharing }

    /// Whether the answer to `sequence` would be the only thing to send: it need not go through the output.
    package func canLeaveNow(_ sequence: UInt32) -> Bool { sequence == first && first != next && pending == 0 }

    /// Counts one more request.
    ///
    /// - Returns: the number under which its answer is put.
    package mutating func promise() -> UInt32 {
        precondition(outstanding < Self.outstandingMax, "more than \(Self.outstandingMax) answers are awaited")
        next &+= 1
        return next &- 1
    }

    /// Takes back the promise made last: its request will never be whole, so it will never be answered.
    package mutating func withdraw() {
        precondition(outstanding > 0, "no answer is awaited")
        next &-= 1
        continued = nil
    }

    /// Takes the answer to the request `sequence`.
    ///
    /// - Parameter body: what the answer ends with. It is not copied where it is this answer's turn and no other such body is
    ///   being sent, which is how it goes with clients that ask for one thing at a time.
    /// - Returns: false when that is answered already or was never asked; nothing happens then.
    @discardableResult
    package mutating func put(
        _ sequence: UInt32, _ bytes: borrowing ByteBuffer, _ range: Range<Int>, _ body: SharedBytes? = nil
    ) -> Bool {
        let distance = sequence &- first
        guard distance < UInt32(truncatingIfNeeded: outstanding) else { return false }
        if continued == sequence { continued = nil }
        if distance == 0 {
            outbox.append(bytes, range)
            if let body { outbox.append(body) }
            first &+= 1
            if earlyCount > 0 { releaseEarly() }
            sayContinue()
            return true
        }
        let slot = Int(sequence & 15)
        guard places[slot].end == 0, !range.isEmpty || body != nil else { return false }
        let start = early.count
        early.append(bytes, range)
        if let body { early.append(body.bytes) }
        places[slot] = Place(start: start, end: early.count)
        earlyCount += 1
        return true
    }

    /// Moves the early answers whose turn has come to the output.
    private mutating func releaseEarly() {
        while first != next {
            let place = places[Int(first & 15)]
            if place.end == 0 { break }
            outbox.append(early, place.start..<place.end)
            places[Int(first & 15)] = Place()
            earlyCount -= 1
            first &+= 1
        }
        if earlyCount == 0 { early.removeAll() }
    }

    // MARK: 100 Continue

    /// Lets the client of request `sequence` send its body as soon as all answers before are given: an interim answer has
    /// its place in the order, too (RFC 9110 §15.2).
    package mutating func promiseContinue(_ sequence: UInt32) {
        continued = sequence
        sayContinue()
    }

    /// The body has come without it.
    package mutating func forgetContinue() { continued = nil }

    private mutating func sayContinue() {
        guard continued == first, first != next else { return }
        outbox.appendContinue()
        continued = nil
    }

    // MARK: Sending

    /// Passes on all that is to be sent: see `Outbox.send`.
    package mutating func send(
        _ send: (UnsafeRawBufferPointer, UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Int?
    ) -> Int? {
        unsafe outbox.send(send)
    }

    /// Gives the memory back that nothing is in.
    package mutating func shrink() {
        outbox.shrink()
        if early.isEmpty { early.removeAll(shrinkingTo: 0) }
    }

    /// Starts anew for another client.
    package mutating func reset() {
        outbox.reset()
        early.removeAll(shrinkingTo: 0)
        for slot in 0..<16 { places[slot] = Place() }
        earlyCount = 0
        first = 0
        next = 0
        continued = nil
    }
}
