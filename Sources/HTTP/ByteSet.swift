/// A set of ASCII characters as two words of bits, one per character.
struct ByteSet {
    /// Characters 0 to 63.
    let low: UInt64

    /// Characters 64 to 127.
    let high: UInt64

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word = byte & 0x40 == 0 ? low : high
        return byte < 0x80 && (word &>> UInt64(byte & 0x3F)) & 1 != 0
    }

    /// The length of the run of members that begins at `start` of `bytes`, at most up to `end`.
    @inline(__always)
    func run(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        precondition(start >= 0 && end <= bytes.count, "octets \(start)..<\(end) of \(bytes.count)")
        return unsafe bytes.withUnsafeBufferPointer { bytes in
            var offset = start
            while offset < end, unsafe contains(bytes[offset]) { offset &+= 1 }
            return offset &- start
        }
    }
}

extension ByteSet {
    /// `tchar`, the characters of methods and field names (RFC 9110 §5.6.2).
    static var token: ByteSet { ByteSet(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE) }

    /// `DIGIT` (RFC 5234 §B.1).
    static var digit: ByteSet { ByteSet(low: 0x03FF_0000_0000_0000, high: 0) }

    /// What may stand in a request target: `pchar`, `/` and `?` (RFC 3986 §3.3, §3.4), and the two brackets; without `?`,
    /// and without `%`, whose digits have to be looked at.
    ///
    /// Brackets belong around an IPv6 address only, but clients leave them bare in queries (`a[]=1`), where no reading of
    /// them but one is possible.
    static var plainTarget: ByteSet { ByteSet(low: 0x2FFF_FFD2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFF) }

    /// `unreserved` and `sub-delims`, the bare characters of a registered name (RFC 3986 §3.2.2).
    static var name: ByteSet { ByteSet(low: 0x2BFF_7FD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE) }
}
