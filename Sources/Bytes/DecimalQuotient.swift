/// The Double nearest to a whole number over a power of ten: what a decimal with a point in it is.
///
/// One division of 128 bits by 64 gives more bits of the quotient than a Double has, and its remainder tells whether any
/// are missing: rounding them is then the same as rounding the exact value.
public enum DecimalQuotient {
    /// 10^19 is the last power of ten below 2^64.
    public static let exponentMax = 19

    /// - Parameter exponent: of ten, 0 to `exponentMax`.
    @inlinable
    public static func nearest(_ number: UInt64, overTenTo exponent: Int) -> Double {
        precondition(exponent >= 0 && exponent <= exponentMax, "10^\(exponent) has more than 64 bits")
        guard number > 0 else { return 0 }
        let divisor = powers[exponent]
        let (numberShift, divisorShift) = (number.leadingZeroBitCount, divisor.leadingZeroBitCount)
        let numerator = number &<< UInt64(numberShift)
        // Both have their highest bit set, so half the one is below the other, and the quotient has 63 or 64 bits.
        let (quotient, rest) = (divisor &<< UInt64(divisorShift)).dividingFullWidth((numerator &>> 1, numerator &<< 63))
        // A Double keeps 53 of them: a rest that is not 0 needs to be seen only below those.
        let rounded = Double(quotient | (rest == 0 ? 0 : 1))
        return rounded * Double(sign: .plus, exponent: divisorShift &- numberShift &- 63, significand: 1)
    }

    @usableFromInline
    static let powers: InlineArray<20, UInt64> = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ]
}
