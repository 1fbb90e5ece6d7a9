/// The standard normal distribution.
enum NormalDistribution {
    /// The probability of a value at least as far from 0 as `z`, on either side.
    static func twoSided(_ z: Double) -> Double {
        let x = abs(z) / 2.0.squareRoot()
        return x < 2 ? 1 - error(x) : tail(x)
    }

    /// erf(x) = 2/√π exp(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!, whose terms are all positive.
    private static func error(_ x: Double) -> Double {
        var term = x
        var sum = x
        var n = 1.0
        while term > 1e-17 * sum {
            term *= 2 * x * x / (2 * n + 1)
            sum += term
            n += 1
        }
        return 1.1283791670955126 * Elementary.exp(-x * x) * sum
    }

    /// erfc(x) = exp(-x²)/√π / (x + ½/(x + 1/(x + ³⁄₂/(x + …)))), from the inside out.
    private static func tail(_ x: Double) -> Double {
        var fraction = x
        for step in stride(from: 120.0, through: 1, by: -1) { fraction = x + step / 2 / fraction }
        return Elementary.exp(-x * x) * 0.5641895835477563 / fraction
    }
}
