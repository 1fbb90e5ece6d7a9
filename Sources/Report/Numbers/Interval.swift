/// 95 % intervals around what was counted or averaged.
package enum Interval {
    /// Of the standard normal: 2.5 % lie above it.
    static let quantile = 1.959963984540054

    /// Wilson's interval of a share (Wilson 1927), which stays between 0 and 1; nil when nothing was counted.
    package static func share(_ part: Double, of whole: Double) -> ClosedRange<Double>? {
        guard whole > 0 else { return nil }
        let share = part / whole
        let square = quantile * quantile
        let center = (share + square / (2 * whole)) / (1 + square / whole)
        let half =
            quantile / (1 + square / whole)
            * (share * (1 - share) / whole + square / (4 * whole * whole)).squareRoot()
        // At the ends the sum is 0 or 1 but for rounding.
        return max(0, min(center - half, share))...min(1, max(center + half, share))
    }

    package static func share(_ part: Int, of whole: Int) -> ClosedRange<Double>? {
        share(Double(part), of: Double(whole))
    }

    /// The mean less and more 1.96 standard errors; nil with fewer than two values or one that is not finite.
    package static func mean(of values: [Double]) -> ClosedRange<Double>? {
        guard values.count > 1 else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let half = quantile * (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
        return half.isFinite ? mean - half...mean + half : nil
    }
}
