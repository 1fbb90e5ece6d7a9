/// A UUID in its text form (RFC 9562 §4): 8-4-4-4-12 lower-case hexadecimal digits.
extension ByteBuffer {
    /// Appends the 36 characters of the UUID whose 128 bits are `value`.
    public mutating func append(uuid value: UInt128) {
        reserve(36)
        let first = hexadecimalDigits(UInt32(truncatingIfNeeded: value >> 96))
        let second = hexadecimalDigits(UInt32(truncatingIfNeeded: value >> 64))
        let third = hexadecimalDigits(UInt32(truncatingIfNeeded: value >> 32))
        let fourth = hexadecimalDigits(UInt32(truncatingIfNeeded: value))
        write(first, at: 0)
        write(second &<< 8 | 0x2D, at: 8)  // its last digit is overwritten below
        write((second &>> 32) &<< 8 | 0x2D, at: 13)
        write(third &<< 8 | 0x2D, at: 18)
        write((third &>> 32) &<< 8 | 0x2D, at: 23)
        write(fourth, at: 28)
        advance(by: 36)
    }

    /// Writes eight characters, the first one lowest, behind the present bytes; there is room.
    @inline(__always)
    private mutating func write(_ characters: UInt64, at offset: Int) {
        unsafe UnsafeMutableRawPointer(base + used + offset).storeBytes(of: characters.littleEndian, as: UInt64.self)
    }
}

/// The eight hexadecimal digits of a value as characters, the first one lowest.
///
/// The word is spread twice, all its parts at once, to one digit a byte; a digit beyond 9 carries into bit 4 when 6 is added.
@inline(__always)
private func hexadecimalDigits(_ value: UInt32) -> UInt64 {
    var digits = UInt64(value.byteSwapped)
    digits = (digits | digits &<< 16) & 0x0000_FFFF_0000_FFFF
    digits = (digits | digits &<< 8) & 0x00FF_00FF_00FF_00FF
    digits = (digits &>> 4 | digits &<< 8) & 0x0F0F_0F0F_0F0F_0F0F
    let letters = ((digits &+ 0x0606_0606_0606_0606) &>> 4) & 0x0101_0101_0101_0101
    return digits &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
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
