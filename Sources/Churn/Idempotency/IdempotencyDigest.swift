import Bytes
import Digest
import HTTP

/// What a request with an `Idempotency-Key` is known by.
enum IdempotencyDigest {
    /// The longest key that is taken.
    static let keyBytesMax = 255

    /// Whether a key can be one: 1 to 255 visible ASCII characters.
    static func isKey(_ range: Range<Int>, _ bytes: borrowing ByteBuffer) -> Bool {
        guard !range.isEmpty, range.count <= keyBytesMax else { return false }
        for offset in range where bytes[offset] < 0x21 || bytes[offset] > 0x7E { return false }
        return true
    }

    /// The digest of a caller and its key; the route is always the same.
    ///
    /// A caller is known by the digest of its API key: others may use the same names without hearing of each other.
    static func key(_ caller: Caller, _ range: Range<Int>, _ bytes: borrowing ByteBuffer) -> UInt128 {
        var text = ByteBuffer(capacity: 320)
        text.append("POST /predict")
        text.append(uuid: caller.identity)
        text.append(bytes, range)
        return digest(text)
    }

    /// The digest of a query and a body.
    static func request(
        _ query: Range<Int>, of head: borrowing ByteBuffer, _ body: Range<Int>, of text: borrowing ByteBuffer
    ) -> UInt128 {
        var whole = ByteBuffer(capacity: query.count + body.count + 8)
        whole.append(head, query)
        whole.append(byte: 0)
        whole.append(text, body)
        return digest(whole)
    }

    /// Half a SHA-256 is as long as a UUID and long enough: who finds two texts of one digest deceives himself alone.
    private static func digest(_ text: borrowing ByteBuffer) -> UInt128 {
        let (high, low) = SHA256Digest(of: text.span).words.prefix
        return UInt128(high) << 64 | UInt128(low)
    }
}
