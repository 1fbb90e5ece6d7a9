/// Reads a decimal number: an optional sign, digits with at most one point, an optional exponent; spaces around it.
///
/// - Returns: the nearest Double; nil for any other text (also `nan`, `inf`, hexadecimal) and beyond Double's range.
package func parseDecimal(_ text: Span<UInt8>) -> Double? {
    let trimmed = trimmedRange(text)
    guard !trimmed.isEmpty else { return nil }
    var offset = trimmed.lowerBound
    let isNegative = text[offset] == 0x2D
    if isNegative || text[offset] == 0x2B { offset += 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    var hasPoint = false
    while offset < trimmed.upperBound {
        let byte = text[offset]
        if byte == 0x2E, !hasPoint {
            hasPoint = true
        } else if byte &- 0x30 < 10 {
            digits += 1
            if digits <= 18 { mantissa = mantissa * 10 + UInt64(byte &- 0x30) }
            if hasPoint { exponent -= 1 }
        } else {
            break
        }
        offset += 1
    }
    guard digits > 0 else { return nil }
    let isPlain = offset == trimmed.upperBound
    // Both are exact below 2^53 and 10^22, and so one rounding gives the nearest Double (Clinger 1990).
    if isPlain, digits <= 18, mantissa < 1 << 53, exponent >= -22 {
        let value = Double(mantissa) / powersOfTen[-exponent]
        return isNegative ? -value : value
    }
    if !isPlain { guard isExponent(text, offset..<trimmed.upperBound) else { return nil } }
    var copy: [UInt8] = []
    for place in trimmed { copy.append(text[place]) }
    guard let value = Double(String(decoding: copy, as: UTF8.self)), value.isFinite else { return nil }
    return value
}

private let powersOfTen: [Double] = [
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
