/// Comparing bytes with fixed words, eight at a time.
extension Span<UInt8> {
    /// Whether `range` holds exactly `text`.
    @inlinable @inline(__always)
    public func equals(_ range: Range<Int>, _ text: StaticString) -> Bool {
        let count = range.upperBound &- range.lowerBound
        precondition(range.lowerBound >= 0 && range.upperBound <= self.count, "no range of these bytes")
        guard count == text.utf8CodeUnitCount else { return false }
        let word = unsafe UnsafeRawPointer(text.utf8Start)
        return unsafe withUnsafeBytes { mine in
            unsafe areEqual(mine.baseAddress, range.lowerBound, word, count, ignoresCase: false)
        }
    }

    /// Whether `range` holds `text` in any mixture of cases; `text` itself is in lower case.
    ///
    /// No `text` has a grave accent, a brace, a bar or a tilde: they would match the capitals' neighbours.
    @inlinable @inline(__always)
    public func equalsIgnoringCase(_ range: Range<Int>, _ text: StaticString) -> Bool {
        let count = range.upperBound &- range.lowerBound
        precondition(range.lowerBound >= 0 && range.upperBound <= self.count, "no range of these bytes")
        guard count == text.utf8CodeUnitCount else { return false }
        let word = unsafe UnsafeRawPointer(text.utf8Start)
        return unsafe withUnsafeBytes { mine in
            unsafe areEqual(mine.baseAddress, range.lowerBound, word, count, ignoresCase: true)
        }
    }

    /// Whether all these bytes, of which there is at least one, stand in `other` from `start` on; looks at all of them in any case.
    @inlinable
    public func equalsInConstantTime(_ other: Span<UInt8>, from start: Int) -> Bool {
        precondition(count > 0 && start >= 0 && start &+ count <= other.count, "no such range of these bytes")
        return unsafe withUnsafeBytes { mine in
            unsafe other.withUnsafeBytes { other in
                guard let base = mine.baseAddress, let others = other.baseAddress else { return false }
                return unsafe differences(base, others + start, mine.count) == 0
            }
        }
    }

    /// Whether all the bytes are those of `text`.
    @inlinable @inline(__always)
    public func equals(_ text: StaticString) -> Bool { equals(0..<count, text) }

    /// Whether `range` holds the same bytes as `other`.
    @inlinable @inline(__always)
    public func equals(_ range: Range<Int>, _ other: Span<UInt8>) -> Bool {
        let count = range.upperBound &- range.lowerBound
        precondition(range.lowerBound >= 0 && range.upperBound <= self.count, "no range of these bytes")
        guard count == other.count else { return false }
        return unsafe withUnsafeBytes { mine in
            unsafe other.withUnsafeBytes { other in
                guard let start = other.baseAddress else { return true }
                return unsafe areEqual(mine.baseAddress, range.lowerBound, start, count, ignoresCase: false)
            }
        }
    }
}

/// Whether `count` bytes from `offset` of `base` are those at `other`; with `ignoresCase` the letters there are small.
///
/// The last eight bytes (or four) are compared as one word, which may overlap the one before.
@unsafe @inlinable @inline(__always)
func areEqual(
    _ base: UnsafeRawPointer?, _ offset: Int, _ other: UnsafeRawPointer, _ count: Int, ignoresCase: Bool
) -> Bool {
    guard let base = unsafe base else { return count == 0 }
    let mine = unsafe base + offset
    if count >= 8 {
        var place = 0
        while place &+ 8 <= count {
            guard unsafe areEqualWords(mine + place, other + place, UInt64.self, ignoresCase) else { return false }
            place &+= 8
        }
        return unsafe areEqualWords(mine + (count &- 8), other + (count &- 8), UInt64.self, ignoresCase)
    }
    if count >= 4 {
        return unsafe areEqualWords(mine, other, UInt32.self, ignoresCase)
            && areEqualWords(mine + (count &- 4), other + (count &- 4), UInt32.self, ignoresCase)
    }
    for place in 0..<count {
        guard unsafe areEqualWords(mine + place, other + place, UInt8.self, ignoresCase) else { return false }
    }
    return true
}

/// Zero where `count` bytes are the same at both places; 32 at a time, the last of which may overlap the ones before.
@unsafe @inlinable @inline(__always)
func differences(_ mine: UnsafeRawPointer, _ other: UnsafeRawPointer, _ count: Int) -> UInt64 {
    typealias Block = SIMD4<UInt64>
    let size = MemoryLayout<Block>.size
    var found: UInt64 = 0
    guard count >= size else {
        for place in 0..<count {
            found |= unsafe UInt64((mine + place).load(as: UInt8.self) ^ (other + place).load(as: UInt8.self))
        }
        return found
    }
    var blocks = Block()
    var place = 0
    while place &+ size < count {
        blocks |= unsafe (mine + place).loadUnaligned(as: Block.self) ^ (other + place).loadUnaligned(as: Block.self)
        place &+= size
    }
    place = count &- size
    blocks |= unsafe (mine + place).loadUnaligned(as: Block.self) ^ (other + place).loadUnaligned(as: Block.self)
    return blocks[0] | blocks[1] | blocks[2] | blocks[3]
}

/// Whether two words are the same, or differ only in the case of letters, those of `other` being small.
///
/// A byte of `other` from 0x40 on is a small letter, so bit 6 of it says where bit 5 of ours does not count.
@unsafe @inlinable @inline(__always)
func areEqualWords<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ mine: UnsafeRawPointer, _ other: UnsafeRawPointer, _ type: Word.Type, _ ignoresCase: Bool
) -> Bool {
    let first = unsafe mine.loadUnaligned(as: Word.self)
    let second = unsafe other.loadUnaligned(as: Word.self)
    if !ignoresCase { return first == second }
    let letters = (second & Word(truncatingIfNeeded: 0x4040_4040_4040_4040 as UInt64)) &>> 1
    return first | letters == second
}
