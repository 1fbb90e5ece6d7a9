/// Elementary functions that give the same bits on every machine.
///
/// A C library chooses its `exp` by CPU (with or without fused multiply-add) and changes it between releases; a model
/// file that has to come out byte for byte the same cannot stand on that. These use additions, multiplications and
/// divisions only, which IEEE 754 rounds in one way. Errors are below 1.5 units in the last place.
package enum Elementary {
    private static let ln2High = 6.93147180369123816490e-01  // 32 bits, so that a multiple below 2^20 is exact
    private static let ln2Low = 1.90821492927058770002e-10

    /// 1/13!, 1/12!, … 1/2!: the remainder on [-ln 2 / 2, ln 2 / 2] is below 5e-18.
    @inline(__always)
    private static func tail(_ r: Double) -> Double {
        var sum = 1.6059043836821613e-10
        sum = sum * r + 2.08767569878681e-09
        sum = sum * r + 2.505210838544172e-08
        sum = sum * r + 2.755731922398589e-07
        sum = sum * r + 2.7557319223985893e-06
        sum = sum * r + 2.48015873015873e-05
        sum = sum * r + 1.984126984126984e-04
        sum = sum * r + 1.388888888888889e-03
        sum = sum * r + 8.333333333333333e-03
        sum = sum * r + 4.1666666666666664e-02
        sum = sum * r + 1.6666666666666666e-01
        return sum * r + 0.5
    }

    /// e to the power of `x`: x = k ln 2 + r, and a Taylor series in r.
    package static func exp(_ x: Double) -> Double {
        if x.magnitude <= moderateMax { return moderateExp(x) }
        if x > 709.782712893384 { return .infinity }
        if x < -745.14 { return 0 }
        if x.isNaN { return x }
        let (power, shifted) = reduced(x)
        let exponent = Int(shifted - shift)
        // Two factors where 2^k alone would leave the range of normal numbers.
        let part = exponent < 0 ? -200 : 200
        return power * scale(exponent - part) * scale(part)
    }

    /// The largest magnitude that `moderateExp` takes.
    static let moderateMax = 700.0

    /// `exp` without a branch, for a loop that the compiler is to run on several values at once.
    ///
    /// - Parameter x: between -700 and 700.
    @inline(__always)
    static func moderateExp(_ x: Double) -> Double {
        let (power, shifted) = reduced(x)
        return power * Double(bitPattern: (shifted.bitPattern &+ 1023) << 52)
    }

    /// Added to a number below 2^51 it leaves a whole number in the low bits, the nearest one.
    private static let shift = 0x1.8p52

    /// e^r, and k on top of `shift`.
    @inline(__always)
    private static func reduced(_ x: Double) -> (power: Double, shifted: Double) {
        let shifted = x * 1.4426950408889634 + shift
        let k = shifted - shift
        let high = x - k * ln2High
        let low = k * ln2Low
        let r = high - low
        let error = (high - r) - low
        return (1 + (r + (error + r * r * tail(r))), shifted)
    }

    @inline(__always)
    private static func scale(_ exponent: Int) -> Double {
        Double(bitPattern: UInt64(truncatingIfNeeded: exponent &+ 1023) << 52)
    }

    /// ln((1 + s) / (1 - s)) - 2s for |s| <= .1716, where the first term left out is below 3e-19 of the first.
    @inline(__always)
    private static func artanhTail(_ s: Double) -> Double {
        let z = s * s
        var sum = 2.0 / 25
        sum = sum * z + 2.0 / 23
        sum = sum * z + 2.0 / 21
        sum = sum * z + 2.0 / 19
        sum = sum * z + 2.0 / 17
        sum = sum * z + 2.0 / 15
        sum = sum * z + 2.0 / 13
        sum = sum * z + 2.0 / 11
        sum = sum * z + 2.0 / 9
        sum = sum * z + 2.0 / 7
        sum = sum * z + 2.0 / 5
        sum = sum * z + 2.0 / 3
        return sum * z * s
    }

    /// The natural logarithm; minus infinity at 0, NaN below.
    package static func log(_ x: Double) -> Double {
        guard x > 0 else { return x == 0 ? -.infinity : .nan }
        guard x < .infinity else { return x }
        var exponent = Double(x.exponent)
        var fraction = x.significand
        if fraction > 1.4142135623730951 {
            fraction *= 0.5
            exponent += 1
        }
        let f = fraction - 1
        return exponent * ln2High + (logOfSum(f) + exponent * ln2Low)
    }

    /// ln(1 + f), accurate for small `f` also; minus infinity at -1.
    package static func log1p(_ f: Double) -> Double {
        if f >= 0 && f <= 1 { return log1p(share: f) }
        if f > -0.2928932188134525 && f < 0 { return logOfSum(f) }
        if f > 1 || f <= -0.5 { return log(1 + f) }
        return logOfSum(1 + 2 * f) - ln2Low - ln2High  // 2 (1 + f) = 1 + (1 + 2f) is exact here
    }

    /// `log1p` of a number from 0 to 1, without a branch.
    @inline(__always)
    static func log1p(share f: Double) -> Double {
        let isSmall = f < 0.41421356237309515
        // (1 + f) / 2 = 1 + (f - 1) / 2 is exact where f is not small.
        let sum = logOfSum(isSmall ? f : (f - 1) * 0.5)
        return isSmall ? sum : ln2High + (sum + ln2Low)
    }

    /// ln(1 + f) with 1 + f between the roots of 1/2 and 2.
    ///
    /// 2s = f - s f, so that f, which is exact, carries the leading digits.
    @inline(__always)
    private static func logOfSum(_ f: Double) -> Double {
        let s = f / (2 + f)
        return f - (s * f - artanhTail(s))
    }

    /// ln(1 + exp(x)), without overflow for large `x` and without cancellation for small.
    ///
    /// Mächler, "Accurately computing log(1 - exp(-|a|))", eq. (10), folded at 0 so that one branch is enough.
    package static func log1pexp(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

    /// 1 / (1 + exp(-x)), by the branch whose exponent is not positive.
    @inline(__always)
    package static func sigmoid(_ x: Double) -> Double {
        let power = exp(-abs(x))
        let small = power / (1 + power)
        return x >= 0 ? 1 / (1 + power) : small
    }

    /// The cosine of an angle in turns (1 is the full circle).
    package static func cosine(turns: Double) -> Double {
        let fraction = abs(turns - turns.rounded())  // 0 ... 1/2, and the cosine is even
        if fraction > 0.25 { return -series(0.5 - fraction) }
        return series(fraction)
    }

    /// Taylor's series of cos(2 pi t) for t up to 1/4; the first term left out is below 1e-19.
    private static func series(_ t: Double) -> Double {
        let angle = t * 6.283185307179586
        let z = angle * angle
        var sum = 1.0
        var divisor = 22.0
        while divisor > 0 {
            sum = 1 - sum * z / (divisor * (divisor - 1))
            divisor -= 2
        }
        return sum
    }
}
