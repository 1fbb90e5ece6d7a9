/// The beta distribution, to about thirteen digits.
struct BetaDistribution {
    let alpha: Double
    let beta: Double
    /// ln of 1 / B(alpha, beta).
    private let logScale: Double

    /// - Parameters: both above 0.
    init(alpha: Double, beta: Double) {
        precondition(alpha > 0 && beta > 0, "a beta distribution of \(alpha) and \(beta)")
        self.alpha = alpha
        self.beta = beta
        logScale = logGamma(alpha + beta) - logGamma(alpha) - logGamma(beta)
    }

    var mean: Double { alpha / (alpha + beta) }

    /// The probability of a value up to `x`: the regularised incomplete beta function.
    func probability(upTo x: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let front = Elementary.exp(logScale + alpha * Elementary.log(x) + beta * Elementary.log1p(-x))
        // The continued fraction converges fast on this side of the mean; the other side mirrors it.
        if x < (alpha + 1) / (alpha + beta + 2) { return front * Self.fraction(x, alpha, beta) / alpha }
        return 1 - front * Self.fraction(1 - x, beta, alpha) / beta
    }

    /// DLMF 8.17.22 by Lentz's method.
    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        var c = 1.0
        var d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var result = d
        for step in 1...10_000 {
            let m = Double(step)
            for term in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 + term * d
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = 1 + term / c
                if abs(c) < tiny { c = tiny }
                result *= d * c
            }
            if abs(d * c - 1) < 1e-15 { break }
        }
        return result
    }
}

/// ln Γ(x) for x > 0: Stirling's series where it converges, reached by the recurrence.
func logGamma(_ x: Double) -> Double {
    var x = x
    var product = 1.0
    while x < 15 {
        product *= x
        x += 1
    }
    let z = 1 / (x * x)
    var series = 1.0 / 156
    for coefficient in [-691.0 / 360_360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12] {
        series = series * z + coefficient
    }
    let halfLogTwoPi = 0.9189385332046728
    return (x - 0.5) * Elementary.log(x) - x + halfLogTwoPi + series / x - Elementary.log(product)
}
