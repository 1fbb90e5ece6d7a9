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

    /// Passes on what is to be sent next, which may be a part of it.
    ///
    /// - Parameter send: gets the bytes, and whether more follow at once; tells how many bytes it has sent, nothing or less for
    ///   none, nil when the connection is broken.
    /// - Returns: what `send` told, and whether that was all it was offered; nil when the connection is broken.
    mutating func sendNext(_ send: (UnsafeRawBufferPointer, Bool) -> Int?) -> (count: Int, isAll: Bool)? {
        if bytes.isEmpty, let shared { return unsafe sendShared(shared, send) }
        let offered = bytes.count - sent
        let isFollowed = rest > 0
        let count = unsafe bytes.withUnsafeBytes {
            unsafe send(UnsafeRawBufferPointer(rebasing: $0[sent...]), isFollowed)
        }
        guard let count else { return nil }
        precondition(count <= offered, "\(count) of \(offered) bytes were sent")
        if count > 0 { sent += count }
        if sent == bytes.count {
            sent = 0
            // Room for what most answers need: thousands of clients that got a large one once would keep it all.
            bytes.removeAll(shrinkingTo: 4 << 10)
        }
        return (count, count == offered)
    }

    private mutating func sendShared(
        _ body: SharedBytes, _ send: (UnsafeRawBufferPointer, Bool) -> Int?
    ) -> (count: Int, isAll: Bool)? {
        let offered = body.count - sharedSent
        let isFollowed = rest > offered
        let count = unsafe body.bytes.withUnsafeBytes {
            unsafe send(UnsafeRawBufferPointer(rebasing: $0[sharedSent...]), isFollowed)
        }
        guard let count else { return nil }
        precondition(count <= offered, "\(count) of \(offered) bytes were sent")
        sharedSent += max(count, 0)
        rest -= max(count, 0)
        if count == offered {
            shared = nil
            sharedSent = 0
            rest = 0
            swap(&bytes, &behind)
        }
        return (count, count == offered)
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
