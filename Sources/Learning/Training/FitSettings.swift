/// What a fit is told besides its data and λ.
package struct FitSettings: Sendable {
    /// How much the rows of each class count.
    package enum ClassWeight: String, Sendable, CaseIterable {
        case none
        /// Both classes the same in all: a row counts n / (2 · rows of its class).
        case balanced
    }

    /// The share ρ of the absolute values in the penalty λ [(1-ρ)/2 Σ w² + ρ Σ |w|].
    package var l1Ratio = 0.0
    package var classWeight = ClassWeight.none
    /// How much each row of the table counts, above 0; nil for all alike.
    package var sampleWeights: [Double]?
    /// How little a step may promise to be the last; for measurements only.
    package var tolerance = 1e-16
    package var runner = LoopRunner.serial

    package init() {}

    /// How much each row of the table counts in a fit to `rows`; nil for all alike.
    func weights(_ labels: [Bool], _ rows: [Int32]) -> [Double]? {
        guard classWeight == .balanced else { return sampleWeights }
        let churned = rows.count { labels[Int($0)] }
        let heavy = Double(rows.count) / Double(2 * churned)
        let light = Double(rows.count) / Double(2 * (rows.count - churned))
        return labels.indices.map { (labels[$0] ? heavy : light) * (sampleWeights?[$0] ?? 1) }
    }
}
