import Bytes

/// The heads of requests that were read last, with what was found in them.
///
/// A program that asks again and again sends the same head, but for the length of its body. To compare octets costs a tenth
/// of reading them by the rules, and nothing is guessed: the answer is what the parser found in the very same octets.
///
/// A head may hold a secret. So all of it is compared in any case: how long that takes tells nobody how many octets of
/// somebody else's head he has guessed.
public struct HeadMemo: ~Copyable {
    /// A few programs, and a few lengths of body each.
    public static let places = 8

    /// Longer heads are not kept.
    public static let bytesMax = 1_024

    private struct Place: ~Copyable {
        var text = ByteBuffer(capacity: 0)
        var head = RequestHead(start: 0, count: 0)
    }

    private var memory = InlineArray<8, Place> { _ in Place() }

    /// The place that was useful last: looked at first.
    private var last = 0

    /// The place that is given up next.
    private var next = 0

    public init() {}

    /// What was found in the head that begins at `start`; nil where it is none of those that are kept.
    ///
    /// Mutating for the order of looking only.
    public mutating func head(_ bytes: Span<UInt8>, from start: Int) -> RequestHead? {
        for distance in 0..<Self.places {
            let place = (last &+ distance) & (Self.places &- 1)
            let count = memory[place].text.count
            // An empty line ends a head: these octets, whatever follows them.
            guard count > 0, count <= bytes.count &- start,
                memory[place].text.span.equalsInConstantTime(bytes, from: start)
            else { continue }
            last = place
            var head = memory[place].head
            head.start = start
            return head
        }
        return nil
    }

    /// Keeps `head` in the place of the one that is kept longest.
    public mutating func keep(_ head: RequestHead, of bytes: Span<UInt8>) {
        guard head.count <= Self.bytesMax else { return }
        memory[next].text.removeAll()
        memory[next].text.append(bytes.extracting(head.start..<head.bodyStart))
        memory[next].head = head
        last = next
        next = (next &+ 1) & (Self.places &- 1)
    }
}
