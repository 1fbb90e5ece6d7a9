/// A UUID in its text form (RFC 9562 §4): 8-4-4-4-12 lower-case hexadecimal digits.
extension ByteBuffer {
    /// Appends the 36 characters of the UUID whose 128 bits are `value`.
    public mutating func append(uuid value: UInt128) {
        reserve(36)
        let high = UInt64(truncatingIfNeeded: value >> 64)
        let low = UInt64(truncatingIfNeeded: value)
        append(hexadecimal: high >> 32, digits: 8)
        append(byte: 0x2D)
        append(hexadecimal: high >> 16, digits: 4)
        append(byte: 0x2D)
        append(hexadecimal: high, digits: 4)
        append(byte: 0x2D)
        append(hexadecimal: low >> 48, digits: 4)
        append(byte: 0x2D)
        append(hexadecimal: low, digits: 12)
    }

    /// Appends the lowest `digits` hexadecimal digits of `value`.
    @inline(__always)
    private mutating func append(hexadecimal value: UInt64, digits: Int) {
        var shift = UInt64(digits &* 4)
        while shift != 0 {
            shift &-= 4
            append(byte: hexadecimalDigit(UInt8(truncatingIfNeeded: value &>> shift) & 15))
        }
    }
}

/// Reads the text form of a UUID; upper-case digits are accepted, anything else is nil.
public func parseUUID(_ text: Span<UInt8>) -> UInt128? {
    guard text.count == 36 else { return nil }
    var value: UInt128 = 0
    for offset in 0..<36 {
        let byte = text[offset]
        if offset == 8 || offset == 13 || offset == 18 || offset == 23 {
            guard byte == 0x2D else { return nil }
            continue
        }
        guard let digit = hexadecimalValue(byte) else { return nil }
        value = value << 4 | UInt128(digit)
    }
    return value
}

/// The value of a hexadecimal digit of either case.
@inline(__always)
public func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte &- 0x30
    case 0x61...0x66: byte &- 0x57
    case 0x41...0x46: byte &- 0x37
    default: nil
    }
}
