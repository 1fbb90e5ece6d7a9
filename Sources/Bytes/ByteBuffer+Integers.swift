/// Integers as text (decimal, hexadecimal) and as big-endian binary, the order of PostgreSQL's wire.
extension ByteBuffer {
    /// Appends `value` in decimal.
    public mutating func append(decimal value: Int) {
        if value < 0 { append(byte: 0x2D) }
        append(decimal: value.magnitude)
    }

    /// Appends `value` in decimal.
    public mutating func append(decimal value: UInt) {
        if value < 10 { return append(byte: 0x30 &+ UInt8(truncatingIfNeeded: value)) }
        append(digits: UInt64(value), digitCount(UInt64(value)))
    }

    /// Appends the lowest `count` digits of `value`, eight at a time from the back, then two.
    mutating func append(digits value: UInt64, _ count: Int) {
        reserve(count)
        var rest = value
        var place = used &+ count
        while place &- used >= 8 {
            let (quotient, eight) = rest.quotientAndRemainder(dividingBy: 100_000_000)
            place &-= 8
            let digits = eightDigits(eight).littleEndian
            unsafe UnsafeMutableRawPointer(base + place).storeBytes(of: digits, as: UInt64.self)
            rest = quotient
        }
        while place &- used >= 2 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            place &-= 2
            let tens = (pair &* 103) &>> 10  // pair / 10 for all below 100
            unsafe base[place] = 0x30 &+ UInt8(truncatingIfNeeded: tens)
            unsafe base[place &+ 1] = 0x30 &+ UInt8(truncatingIfNeeded: pair &- 10 &* tens)
            rest = quotient
        }
        if place > used { unsafe base[used] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10) }
        advance(by: count)
    }

    /// Appends `value` in decimal, with zeros in front up to `width` digits.
    ///
    /// Digits beyond `width` are not written.
    public mutating func append(decimal value: Int, width: Int) {
        precondition(value >= 0, "a fixed width is for numbers that are not negative")
        let start = count
        for _ in 0..<width { append(byte: 0x30) }
        var rest = value
        var place = start + width
        while rest != 0, place > start {
            place &-= 1
            self[place] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// Appends a byte as two lower-case hexadecimal digits.
    public mutating func append(hexadecimal byte: UInt8) {
        append(byte: hexadecimalDigit(byte >> 4))
        append(byte: hexadecimalDigit(byte & 15))
    }

    /// Appends `value` most significant byte first.
    ///
    /// Inlinable like its twin below: called from another module it would stay generic, at ten times the price.
    @inlinable
    public mutating func append<Value: FixedWidthInteger>(bigEndian value: Value) {
        let size = Value.bitWidth / 8
        reserve(size)
        unsafe UnsafeMutableRawPointer(base + count).storeBytes(of: value.bigEndian, as: Value.self)
        advance(by: size)
    }

    /// Replaces the bytes at `offset` by `value`, most significant byte first.
    @inlinable
    public mutating func overwrite<Value: FixedWidthInteger>(at offset: Int, bigEndian value: Value) {
        let size = Value.bitWidth / 8
        precondition(offset >= 0 && offset + size <= count, "offset \(offset) of \(count) bytes")
        unsafe UnsafeMutableRawPointer(base + offset).storeBytes(of: value.bigEndian, as: Value.self)
    }
}

/// The lower-case digit of a value below 16.
@inline(__always)
func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 &+ value : 0x57 &+ value
}

/// The eight digits of a value below 10^8 as characters, the first one lowest.
///
/// The word is halved three times, all its parts at once: into two parts of four digits, four of two, eight of one. The
/// factors are the reciprocals of 100 and of 10, large enough for what they divide.
@inline(__always)
func eightDigits(_ value: UInt64) -> UInt64 {
    let high = value / 10_000
    let fours = high | (value &- 10_000 &* high) &<< 32
    let hundreds = ((fours &* 10_486) &>> 20) & 0x0000_007F_0000_007F
    let twos = hundreds | (fours &- 100 &* hundreds) &<< 16
    let tens = ((twos &* 103) &>> 10) & 0x000F_000F_000F_000F
    let ones = tens | (twos &- 10 &* tens) &<< 8
    return ones | 0x3030_3030_3030_3030
}

/// How many decimal digits `value` has; 1 for zero.
@inline(__always)
func digitCount(_ value: UInt64) -> Int {
    // 1233 / 4096 is log₁₀ 2 to four digits: never too great, and too small by one where the comparison says so.
    let bits = 64 &- (value | 1).leadingZeroBitCount
    let estimate = (bits &* 1233) &>> 12
    return estimate &+ (value >= wholePowersOfTen[estimate] ? 1 : 0)
}

/// 10^0 to 10^19; the first one is 0, so that zero has one digit.
private let wholePowersOfTen: InlineArray<20, UInt64> = [
    0, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
    100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
    10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
]
