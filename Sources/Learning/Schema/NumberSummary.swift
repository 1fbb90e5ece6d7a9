/// What the training rows held in a numeric column, missing values apart.
///
/// Quantiles interpolate linearly between the two nearest order statistics (Hyndman and Fan's type 7).
public struct NumberSummary: Sendable, Equatable {
    public var minimum: Double
    public var maximum: Double
    public var median: Double
    public var p01: Double
    public var p99: Double

    public init(minimum: Double, maximum: Double, median: Double, p01: Double, p99: Double) {
        self.minimum = minimum
        self.maximum = maximum
        self.median = median
        self.p01 = p01
        self.p99 = p99
    }

    /// Summarises `values`; nil when there is none.
    package init?(of values: consuming [Double]) {
        guard !values.isEmpty else { return nil }
        values.sort()
        self.init(
            minimum: values[0], maximum: values[values.count - 1], median: quantile(0.5, ofSorted: values),
            p01: quantile(0.01, ofSorted: values), p99: quantile(0.99, ofSorted: values))
    }
}

/// - Parameter values: ascending, at least one.
package func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
    let place = share * Double(values.count - 1)
    let below = Int(place)
    guard below + 1 < values.count else { return values[values.count - 1] }
    return values[below] + (place - Double(below)) * (values[below + 1] - values[below])
}
