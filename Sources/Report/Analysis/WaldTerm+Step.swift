package import Learning

extension WaldTerm {
    /// The 95 % interval of the factor by which the odds change with `step` units; nil where it has no finite bounds.
    package func oddsInterval(step: Double) -> ClosedRange<Double>? {
        let half = Interval.quantile * standardError
        let (low, high) = (Elementary.exp(step * (weight - half)), Elementary.exp(step * (weight + half)))
        return low <= high && high.isFinite ? low...high : nil
    }
}
