import Bytes
import HTTP

/// What one client is to be sent, in its order: bytes of its own, then bytes that it shares with others, then its own again.
///
/// The latter two are empty but while an answer with a `SharedBytes` is being sent.
struct Outbox: ~Copyable {
    private var bytes = ByteBuffer(capacity: 0)
    private var sent = 0

    private var shared: SharedBytes?
    private var sharedSent = 0
    private var behind = ByteBuffer(capacity: 0)

    /// How many bytes of `shared` and `behind` are to be sent.
    private var rest = 0

    /// How many bytes are to be sent.
    var count: Int { bytes.count - sent + rest }

    /// What it takes in memory, apart from what it shares.
    var capacity: Int { bytes.capacity + behind.capacity }

    /// Whether bytes that others share are being sent, and so many that another such answer should not be copied behind them.
    var isSharing: Bool { (shared?.count ?? 0) > Self.sharedBytesCopied }

    /// Up to so many shared bytes are copied where others are being sent.
    private static let sharedBytesCopied = 4 << 10

    // MARK: Appending

    mutating func append(_ source: borrowing ByteBuffer, _ range: Range<Int>) {
        if rest == 0 { return bytes.append(source, range) }
        behind.append(source, range)
        rest += range.count
    }

    /// Appends bytes without a copy; where others are on their way already, with one.
    mutating func append(_ body: SharedBytes) {
        if rest == 0, body.count > 0 { shared = body } else { behind.append(body.bytes) }
        rest += body.count
    }

    mutating func appendContinue() {
        if rest == 0 { return HTTP.appendContinue(to: &bytes) }
        let before = behind.count
        HTTP.appendContinue(to: &behind)
        rest += behind.count - before
    }

    // MARK: Sending

    /// Passes on all that is to be sent: own bytes, shared ones, and what is behind those; each may be empty.
    ///
    /// - Parameter send: tells how many bytes of them, from the first one on, it has sent; nothing or less for none, nil when the
    ///   connection is broken.
    /// - Returns: what `send` told.
    mutating func send(
        _ send: (UnsafeRawBufferPointer, UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Int?
    ) -> Int? {
        let nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        let count = unsafe bytes.withUnsafeBytes { own in
            let own = unsafe UnsafeRawBufferPointer(rebasing: own[sent...])
            guard let shared else { return unsafe send(own, nothing, nothing) }
            return unsafe shared.bytes.withUnsafeBytes { body in
                let body = unsafe UnsafeRawBufferPointer(rebasing: body[sharedSent...])
                return unsafe behind.withUnsafeBytes { unsafe send(own, body, $0) }
            }
        }
        guard let count else { return nil }
        precondition(count <= self.count, "\(count) of \(self.count) bytes were sent")
        if count > 0 { forget(count) }
        return count
    }

    private mutating func forget(_ count: Int) {
        let own = min(count, bytes.count - sent)
        sent += own
        if sent < bytes.count { return }
        clear()
        guard let shared else { return }
        let body = min(count - own, shared.count - sharedSent)
        sharedSent += body
        rest -= body
        if sharedSent < shared.count { return }
        self.shared = nil
        sharedSent = 0
        rest = 0
        swap(&bytes, &behind)
        sent = count - own - body
        if sent == bytes.count { clear() }
    }

    /// Keeps room for what most answers need: thousands of clients that got a large one once would keep it all.
    private mutating func clear() {
        sent = 0
        bytes.removeAll(shrinkingTo: 4 << 10)
    }

    // MARK: Memory

    /// Gives the memory back that nothing is in.
    mutating func shrink() {
        if bytes.isEmpty { bytes.removeAll(shrinkingTo: 0) }
        if behind.isEmpty { behind.removeAll(shrinkingTo: 0) }
    }

    /// Starts anew for another client.
    mutating func reset() {
        bytes.removeAll(shrinkingTo: 0)
        behind.removeAll(shrinkingTo: 0)
        shared = nil
        sent = 0
        sharedSent = 0
        rest = 0
    }
}
