import Bytes
import Digest
import HTTP

/// Who may ask one worker for what.
///
/// A key is hashed and looked up once a connection: after that the bytes of its field are compared with those that were found
/// good, eight words in a fixed time. So a request on a connection that stays open costs no digest and no allocation.
struct Gatekeeper: ~Copyable {
    enum Verdict {
        /// Let in. The place of the key; nil where none was needed.
        case open(Int?)
        case refused(AccessRefusal)
    }

    /// Nil where the service asks for none.
    private(set) var keys: KeySet?
    private var digest = SHA256()
    /// What each place of the connection table has shown last.
    private var shown: [Shown] = []

    /// A field that was found good.
    private struct Shown {
        var client: UInt64 = .max
        var generation = 0
        var key = 0
        var count = 0
        var text = SIMD8<UInt64>()
    }

    init(_ keys: KeySet?) { self.keys = keys }

    /// Asks for these keys from the next request on.
    mutating func adopt(_ keys: KeySet) { self.keys = keys }

    /// Who has a key; nobody in particular without one.
    func caller(_ key: Int?) -> Caller {
        guard let key, let keys else { return Caller() }
        let (high, low) = keys.grants[key].digest.prefix
        return Caller(bucket: keys.buckets[key], identity: UInt128(high) << 64 | UInt128(low))
    }

    /// Whether a request may have what needs one of the scopes `needed`; none of them is for everybody.
    ///
    /// - Parameters:
    ///   - client: the connection, as its ticket names it.
    ///   - now: microseconds since 1970.
    mutating func check(
        _ needed: ScopeSet, _ head: RequestHead, _ bytes: borrowing ByteBuffer, client: UInt64, now: Int
    ) -> Verdict {
        guard let keys, !needed.isEmpty else { return .open(nil) }
        guard let field = head.authorization, !field.isEmpty else { return .refused(.missing) }
        let key: Int
        let slot = Int(client & 0xFFFF_FFFF)
        if let known = known(field, bytes, client, slot, keys.generation) {
            key = known
        } else {
            guard let token = Self.token(field, bytes) else { return .refused(.missing) }
            let found = keys.index(of: digest.digest(of: bytes.span.extracting(token)))
            guard let found else { return .refused(.unknown) }
            key = found
            remember(key, field, bytes, client, slot, keys.generation)
        }
        if keys.grants[key].expiresAt <= now { return .refused(.expired) }
        if keys.grants[key].scopes.isDisjoint(with: needed) { return .refused(.scope) }
        return .open(key)
    }

    // MARK: What a connection has shown

    private func known(
        _ field: Range<Int>, _ bytes: borrowing ByteBuffer, _ client: UInt64, _ slot: Int, _ generation: Int
    ) -> Int? {
        guard slot < shown.count, shown[slot].client == client, shown[slot].generation == generation,
            shown[slot].count == field.count
        else { return nil }
        let differences = shown[slot].text ^ Self.words(field, bytes)
        return differences.anyBits == 0 ? shown[slot].key : nil
    }

    private mutating func remember(
        _ key: Int, _ field: Range<Int>, _ bytes: borrowing ByteBuffer, _ client: UInt64, _ slot: Int,
        _ generation: Int
    ) {
        if field.count > 64 { return }
        while shown.count <= slot { shown.append(Shown()) }
        shown[slot] = Shown(
            client: client, generation: generation, key: key, count: field.count, text: Self.words(field, bytes))
    }

    /// At most 64 bytes as words, with zeros behind them.
    private static func words(_ range: Range<Int>, _ bytes: borrowing ByteBuffer) -> SIMD8<UInt64> {
        var words = SIMD8<UInt64>()
        unsafe withUnsafeMutableBytes(of: &words) { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[range]))
            }
        }
        return words
    }

    // MARK: The field

    /// The token of `Bearer TOKEN`, RFC 6750 §2.1; nil for another scheme.
    ///
    /// The scheme's case does not matter (RFC 9110 §11.1).
    private static func token(_ field: Range<Int>, _ bytes: borrowing ByteBuffer) -> Range<Int>? {
        let scheme = field.lowerBound..<min(field.lowerBound + 7, field.upperBound)
        guard bytes.span.equalsIgnoringCase(scheme, "bearer ") else { return nil }
        var start = scheme.upperBound
        while start < field.upperBound, bytes[start] == 0x20 { start += 1 }
        return start < field.upperBound ? start..<field.upperBound : nil
    }
}

extension SIMD8<UInt64> {
    /// Zero for no bit at all, anything else otherwise, in a fixed time.
    fileprivate var anyBits: UInt64 {
        let half = lowHalf | highHalf
        let quarter = half.lowHalf | half.highHalf
        return quarter.x | quarter.y
    }
}
