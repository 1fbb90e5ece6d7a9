import Bytes

/// Reads a decimal number: an optional sign, digits with at most one point, an optional exponent; spaces around it.
///
/// - Returns: the nearest Double; nil for any other text (also `nan`, `inf`, hexadecimal) and beyond Double's range.
package func parseDecimal(_ text: Span<UInt8>) -> Double? { plainDecimal(text) ?? anyDecimal(text) }

/// A number as tables have it: digits, perhaps with a minus before them and a point among them, nineteen at most.
@inline(__always)
private func plainDecimal(_ text: Span<UInt8>) -> Double? {
    unsafe text.withUnsafeBytes { bytes in
        let count = bytes.count
        guard let base = bytes.baseAddress, count > 0, count <= 21 else { return nil }
        let first = unsafe base.load(as: UInt8.self) == 0x2D ? 1 : 0
        var mantissa: UInt64 = 0
        var end = unsafe takeDigits(base, first, count, &mantissa)
        var digits = end &- first
        var decimals = 0
        if end < count, unsafe base.load(fromByteOffset: end, as: UInt8.self) == 0x2E {
            let start = end &+ 1
            end = unsafe takeDigits(base, start, count, &mantissa)
            decimals = end &- start
            digits &+= decimals
        }
        guard end == count, digits > 0, digits <= 19 else { return nil }
        let value: Double
        if mantissa < 1 << 53 {
            // Both are exact below 2^53 and 10^22, and so one rounding gives the nearest Double (Clinger 1990).
            value = Double(Int64(bitPattern: mantissa)) / powersOfTen[decimals]
        } else {
            value = DecimalQuotient.nearest(mantissa, overTenTo: decimals)
        }
        return first == 1 ? -value : value
    }
}

/// Takes the digits from `start` on into `mantissa`, eight at a time where there are as many.
///
/// - Returns: where they end. Beyond nineteen digits `mantissa` means nothing.
@unsafe @inline(__always)
private func takeDigits(
    _ base: UnsafeRawPointer, _ start: Int, _ count: Int, _ mantissa: inout UInt64
) -> Int {
    var offset = start
    while offset &+ 8 <= count {
        let word = unsafe UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        guard areDigits(word) else { break }
        mantissa = mantissa &* 100_000_000 &+ number(ofDigits: word)
        offset &+= 8
    }
    while offset < count {
        let digit = unsafe base.load(fromByteOffset: offset, as: UInt8.self) &- 0x30
        guard digit < 10 else { break }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        offset &+= 1
    }
    return offset
}

/// Whether eight bytes are digits: their upper halves are 3, also when 6 is added, which takes what is above 9 to 4.
@inline(__always)
private func areDigits(_ word: UInt64) -> Bool {
    let upper: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
    return (word & upper) | ((word &+ 0x0606_0606_0606_0606) & upper) &>> 4 == 0x3333_3333_3333_3333
}

/// What eight digits say, the first one in the lowest byte: joined to pairs, fours and the whole.
@inline(__always)
private func number(ofDigits word: UInt64) -> UInt64 {
    let pairs = ((word & 0x0F0F_0F0F_0F0F_0F0F) &* 2561) &>> 8
    let fours = ((pairs & 0x00FF_00FF_00FF_00FF) &* 6_553_601) &>> 16
    return ((fours & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) &>> 32
}

/// The same for every text, whatever its length.
@inline(never)
private func anyDecimal(_ text: Span<UInt8>) -> Double? {
    let trimmed = trimmedRange(text)
    guard !trimmed.isEmpty else { return nil }
    var offset = trimmed.lowerBound
    if text[offset] == 0x2D || text[offset] == 0x2B { offset += 1 }
    var digits = 0
    var hasPoint = false
    while offset < trimmed.upperBound {
        if text[offset] == 0x2E, !hasPoint {
            hasPoint = true
        } else if text[offset] &- 0x30 < 10 {
            digits += 1
        } else {
            break
        }
        offset += 1
    }
    guard digits > 0 else { return nil }
    guard offset == trimmed.upperBound || isExponent(text, offset..<trimmed.upperBound) else { return nil }
    var copy: [UInt8] = []
    for place in trimmed { copy.append(text[place]) }
    guard let value = Double(String(decoding: copy, as: UTF8.self)), value.isFinite else { return nil }
    return value
}

private let powersOfTen: InlineArray<23, Double> = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]

/// Whether `range` holds `e`, an optional sign and digits.
private func isExponent(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var offset = range.lowerBound
    guard text[offset] | 0x20 == 0x65 else { return false }
    offset += 1
    if offset < range.upperBound, text[offset] == 0x2B || text[offset] == 0x2D { offset += 1 }
    guard offset < range.upperBound else { return false }
    while offset < range.upperBound {
        guard text[offset] &- 0x30 < 10 else { return false }
        offset += 1
    }
    return true
}

/// The part of `text` between the spaces and tabs around it.
package func trimmedRange(_ text: Span<UInt8>) -> Range<Int> {
    var start = 0
    var end = text.count
    while start < end, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
    while end > start, text[end - 1] == 0x20 || text[end - 1] == 0x09 { end -= 1 }
    return start..<end
}
