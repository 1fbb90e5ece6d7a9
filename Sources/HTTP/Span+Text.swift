/// White space and controls in octets.
extension Span<UInt8> {
    /// `range` without the white space (SP and HTAB, RFC 9110 §5.6.3) at its two ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, isWhitespace(self[start]) { start &+= 1 }
        while end > start, isWhitespace(self[end &- 1]) { end &-= 1 }
        return start..<end
    }

    /// The offset of the first `byte` in `range`, and its end where there is none.
    ///
    /// Eight octets a step: the exclusive or makes zeros of the wanted ones, and only from a zero does subtracting one
    /// borrow into bit 7. Borrows spread upwards alone, so the lowest hit is always a true one.
    func firstOffset(of byte: UInt8, in range: Range<Int>) -> Int {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "octets \(range) of \(count)")
        let wanted = 0x0101_0101_0101_0101 &* UInt64(byte)
        return unsafe withUnsafeBytes { memory in
            var offset = range.lowerBound
            while offset &+ 8 <= range.upperBound {
                let word = unsafe UInt64(littleEndian: memory.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                let differences = word ^ wanted
                let hits = (differences &- 0x0101_0101_0101_0101) & ~differences & 0x8080_8080_8080_8080
                if hits != 0 { return offset &+ hits.trailingZeroBitCount &>> 3 }
                offset &+= 8
            }
            while offset < range.upperBound, unsafe memory[offset] != byte { offset &+= 1 }
            return offset
        }
    }
}

/// An ASCII letter in lower case, any other octet as it is.
@inline(__always)
func lowercase(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

/// Whether `byte` is SP or HTAB.
@inline(__always)
func isWhitespace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

/// The offset of the first control character other than HTAB in `start..<end`, and `end` where there is none.
///
/// Eight octets a step: subtracting 0x20 from each borrows into bit 7 only where the octet was less, and 0x7F is the only
/// octet that becomes zero by the exclusive or. Borrows spread upwards alone, so the lowest hit is always a true one.
func nextControl(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
    precondition(start >= 0 && start <= end && end <= bytes.count, "octets \(start)..<\(end) of \(bytes.count)")
    return unsafe bytes.withUnsafeBytes { memory in
        var offset = start
        while offset &+ 8 <= end {
            let word = unsafe UInt64(littleEndian: memory.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let below = (word &- 0x2020_2020_2020_2020) & ~word
            let delete = word ^ 0x7F7F_7F7F_7F7F_7F7F
            let hits = (below | ((delete &- 0x0101_0101_0101_0101) & ~delete)) & 0x8080_8080_8080_8080
            if hits == 0 {
                offset &+= 8
                continue
            }
            offset &+= hits.trailingZeroBitCount &>> 3
            if unsafe memory[offset] != 0x09 { return offset }
            offset &+= 1
        }
        while offset < end {
            let byte = unsafe memory[offset]
            if (byte < 0x20 && byte != 0x09) || byte == 0x7F { return offset }
            offset &+= 1
        }
        return end
    }
}
