/// The first offset from `start` on whose byte a string cannot hold as it is, or holds as a part of something longer: a
/// quote, a backslash, a control character or a byte that is not ASCII; the number of bytes if there is none.
///
/// Eight bytes at a time: strings are most of a text, and a byte at a time they cost most of its reading.
func endOfPlainText(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var place = start
    while place &+ 8 <= bytes.count {
        let marks = marksOfSpecialBytes(unsafe word(bytes, at: place))
        if marks != 0 { return place &+ marks.trailingZeroBitCount &>> 3 }
        place &+= 8
    }
    while place < bytes.count {
        let byte = bytes[place]
        guard byte &- 0x20 < 0x60, byte != 0x22, byte != 0x5C else { return place }
        place &+= 1
    }
    return place
}

/// The eight bytes from `offset` on, the first one lowest.
///
/// Unsafe: all eight must be there.
@unsafe @inline(__always)
private func word(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian }
}

/// A word whose lowest set bit lies in the first byte of `word` that is special; zero if none is.
///
/// `x - 0x01…` borrows into the top bit of a byte that was zero, and `x - 0x20…` of one that was below 0x20. A borrow
/// may spoil the bytes above it, never those below: the lowest mark is right.
/// Source: Sean Eron Anderson, "Bit Twiddling Hacks", "Determine if a word has a zero byte".
@inline(__always)
private func marksOfSpecialBytes(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let borrows = (quotes &- ones) | (backslashes &- ones) | (word &- ones &* 0x20) | word
    return borrows & (ones &* 0x80)
}
