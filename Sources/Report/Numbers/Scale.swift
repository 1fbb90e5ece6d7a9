/// Takes values to places of a drawing along one axis.
package struct Scale: Sendable, Equatable {
    /// The values at the two ends.
    package let domain: ClosedRange<Double>
    let start: Double
    let end: Double

    /// - Parameters:
    ///   - domain: not empty.
    ///   - start: the place of its lower bound, in units of the drawing; the end may lie before it.
    package init(_ domain: ClosedRange<Double>, from start: Double, to end: Double) {
        precondition(domain.upperBound > domain.lowerBound, "a scale of no length")
        self.domain = domain
        self.start = start
        self.end = end
    }

    /// The place of `value`, which is brought into the domain first.
    package func callAsFunction(_ value: Double) -> Double {
        let inside = min(max(value, domain.lowerBound), domain.upperBound)
        // Halves, since the whole domain may be beyond the range of Double.
        let length = domain.upperBound / 2 - domain.lowerBound / 2
        return start + (inside / 2 - domain.lowerBound / 2) / length * (end - start)
    }

    /// Round values of the domain, about `count` of them.
    package func ticks(_ count: Int = 5) -> [Double] {
        let step = RoundNumber.atLeast((domain.upperBound - domain.lowerBound) / Double(count))
        let first = (domain.lowerBound / step - 1e-9).rounded(.up)
        let last = (domain.upperBound / step + 1e-9).rounded(.down)
        guard first <= last else { return [] }
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }
}

/// Numbers that people count in: 1, 2 and 5 times a power of ten.
package enum RoundNumber {
    /// The smallest round number that is not below `value`, which is above 0.
    package static func atLeast(_ value: Double) -> Double {
        let power = power(below: value)
        for factor in [1.0, 2, 5] where value <= factor * power * (1 + 1e-9) { return factor * power }
        return 10 * power
    }

    /// The round number next to `value` in proportion.
    package static func nearest(_ value: Double) -> Double {
        let power = power(below: value)
        let size = value / power
        // Between neighbours the geometric means decide.
        return (size < 1.4142 ? 1 : size < 3.1623 ? 2 : size < 7.0711 ? 5 : 10) * power
    }

    private static func power(below value: Double) -> Double {
        precondition(value > 0 && value.isFinite, "a round number near \(value)")
        var power = 1.0
        while power * 10 <= value { power *= 10 }
        while power > value { power /= 10 }
        return power
    }
}
