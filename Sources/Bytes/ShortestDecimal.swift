/// The shortest decimal that reads back as a given Double, and of several the one nearest to it: digits · 10^exponent.
///
/// Source: Raffaello Giulietti, "The Schubfach way to render doubles" (2020), figures 4 and 7, and §9.10 for `roundToOdd`.
struct ShortestDecimal {
    /// At most 17 digits, the last one not zero unless there is only one.
    let digits: UInt64
    let exponent: Int

    /// - Parameter value: finite; its sign does not matter.
    init(_ value: Double) {
        let significand = value.significandBitPattern
        let biased = Int(value.exponentBitPattern)
        let c = biased == 0 ? significand : significand | 1 &<< 52
        let q = biased == 0 ? -1074 : biased &- 1075
        // A whole number below 2^53 is its own shortest form.
        if q <= 0, q > -53, c & (1 &<< UInt64(truncatingIfNeeded: -q) &- 1) == 0 {
            self.init(trimming: c &>> UInt64(truncatingIfNeeded: -q), 0)
            return
        }
        // The lower neighbour of a power of two is only half as far away as the upper one.
        let isIrregular = significand == 0 && biased > 1
        let k = (q &* 1_262_611 &- (isIrregular ? 524_031 : 0)) >> 22
        let h = UInt64(truncatingIfNeeded: q &+ PowersOfTen.floorLog2(-k) &+ 1)
        let power = PowersOfTen.shared[-k]
        // The value and the borders of the numbers that round to it, all times 4 and rounded to odd.
        let lower = roundToOdd(power, (4 &* c &- (isIrregular ? 1 : 2)) &<< h)
        let middle = roundToOdd(power, (4 &* c) &<< h)
        let upper = roundToOdd(power, (4 &* c &+ 2) &<< h)
        // An odd significand loses ties to its even neighbours, so its borders belong to them.
        let odd = c & 1
        self.init(lower: lower &+ odd, middle: middle, upper: upper &- odd, k)
    }

    /// Takes the one multiple of ten between the borders, else the multiple of one that is nearest.
    @inline(__always)
    private init(lower: UInt64, middle: UInt64, upper: UInt64, _ k: Int) {
        let whole = middle / 4
        if whole >= 10 {
            let tens = whole / 10
            let isDownInside = lower <= 40 &* tens
            let isUpInside = 40 &* tens &+ 40 <= upper
            if isDownInside != isUpInside {
                self.init(trimming: tens &+ (isUpInside ? 1 : 0), k &+ 1)
                return
            }
        }
        let isDownInside = lower <= 4 &* whole
        let isUpInside = 4 &* whole &+ 4 <= upper
        let half = 4 &* whole &+ 2
        let isAbove = middle > half || middle == half && whole & 1 != 0
        let goesUp = isDownInside != isUpInside ? isUpInside : isAbove
        self.init(trimming: whole &+ (goesUp ? 1 : 0), k)
    }

    @inline(__always)
    private init(trimming digits: UInt64, _ exponent: Int) {
        var digits = digits
        var exponent = exponent
        while digits >= 10 {
            let (quotient, digit) = digits.quotientAndRemainder(dividingBy: 10)
            if digit != 0 { break }
            digits = quotient
            exponent &+= 1
        }
        self.digits = digits
        self.exponent = exponent
    }
}

/// The highest 64 bits of power · factor, the lowest of them set where anything was cut off.
@inline(__always)
private func roundToOdd(_ power: (high: UInt64, low: UInt64), _ factor: UInt64) -> UInt64 {
    let low = power.low.multipliedFullWidth(by: factor).high
    let (high, middle) = power.high.multipliedFullWidth(by: factor)
    let (sum, overflow) = middle.addingReportingOverflow(low)
    return (high &+ (overflow ? 1 : 0)) | (sum > 1 ? 1 : 0)
}
