import Bytes

/// A decimal number as it was written: digits · 10^-scale, for columns of type numeric.
public struct DecimalNumber: Equatable, Sendable {
    public let isNegative: Bool
    /// Below 10^18.
    public let digits: UInt64
    /// How many of the digits stand behind the point, 0 to 36.
    public let scale: Int

    private static let digitsMax = 18
    private static let scaleMax = 36

    /// Reads an optional sign, digits with at most one point, and an optional exponent.
    ///
    /// - Returns: nil for any other text, and for a number of more than 18 digits or more than 36 places.
    public init?(_ text: Span<UInt8>) {
        var offset = 0
        var isNegative = false
        if text.count > 0, text[0] == 0x2D || text[0] == 0x2B {
            isNegative = text[0] == 0x2D
            offset = 1
        }
        var digits: UInt64 = 0
        var seen = 0
        var scale = 0
        var hasPoint = false
        while offset < text.count {
            let byte = text[offset]
            if byte &- 0x30 < 10 {
                digits = digits &* 10 &+ UInt64(byte &- 0x30)
                // Leading zeros are no digits that count.
                if digits != 0 { seen += 1 }
                guard seen <= Self.digitsMax else { return nil }
                if hasPoint { scale += 1 }
            } else if byte == 0x2E, !hasPoint {
                hasPoint = true
            } else {
                break
            }
            offset += 1
        }
        let hasDigits = offset > (text.count > 0 && (text[0] == 0x2D || text[0] == 0x2B) ? 1 : 0) + (hasPoint ? 1 : 0)
        guard hasDigits else { return nil }
        if offset < text.count {
            guard let exponent = Self.exponent(text, from: offset) else { return nil }
            scale -= exponent
        }
        while scale < 0 {
            guard digits < 100_000_000_000_000_000 else { return nil }
            digits *= 10
            scale += 1
        }
        while scale > Self.scaleMax {
            guard digits % 10 == 0 else { return nil }
            digits /= 10
            scale -= 1
        }
        self.isNegative = isNegative && digits != 0
        self.digits = digits
        self.scale = scale
    }

    /// Reads `e`, an optional sign and one or two digits up to the end of `text`.
    private static func exponent(_ text: Span<UInt8>, from start: Int) -> Int? {
        var offset = start + 1
        guard text[start] | 0x20 == 0x65, offset < text.count else { return nil }
        let isNegative = text[offset] == 0x2D
        if isNegative || text[offset] == 0x2B { offset += 1 }
        guard (1...2).contains(text.count - offset) else { return nil }
        var value = 0
        while offset < text.count {
            guard text[offset] &- 0x30 < 10 else { return nil }
            value = value * 10 + Int(text[offset] &- 0x30)
            offset += 1
        }
        return isNegative ? -value : value
    }

    /// Appends the form that PostgreSQL sends and takes (numeric_recv in its numeric.c): how many digits to the base of
    /// 10,000, the power of the first one, the sign, the scale, the digits.
    func append(to buffer: inout ByteBuffer) {
        var rest = UInt128(digits)
        for _ in 0..<(4 - scale % 4) % 4 { rest *= 10 }
        var groups = InlineArray<6, Int16>(repeating: 0)
        var count = 0
        // From the last one to the first; zeros at the end of the number are not sent.
        var power = -((scale + 3) / 4)
        while rest != 0 {
            let group: Int16
            if let small = UInt64(exactly: rest) {
                group = Int16(truncatingIfNeeded: small % 10_000)
                rest = UInt128(small / 10_000)
            } else {
                group = Int16(truncatingIfNeeded: rest % 10_000)
                rest /= 10_000
            }
            if count == 0, group == 0 {
                power += 1
                continue
            }
            groups[count] = group
            count += 1
        }
        buffer.append(bigEndian: Int16(truncatingIfNeeded: count))
        buffer.append(bigEndian: Int16(truncatingIfNeeded: count == 0 ? 0 : power + count - 1))
        buffer.append(bigEndian: isNegative ? 0x4000 as UInt16 : 0)
        buffer.append(bigEndian: Int16(truncatingIfNeeded: scale))
        for place in stride(from: count - 1, through: 0, by: -1) { buffer.append(bigEndian: groups[place]) }
    }
}
