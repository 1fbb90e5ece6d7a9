/// Rows by decision and outcome; churn is the positive class.
package struct Confusion: Sendable, Equatable {
    package var truePositives: Int
    package var falsePositives: Int
    package var falseNegatives: Int
    package var trueNegatives: Int

    package init(truePositives: Int, falsePositives: Int, falseNegatives: Int, trueNegatives: Int) {
        self.truePositives = truePositives
        self.falsePositives = falsePositives
        self.falseNegatives = falseNegatives
        self.trueNegatives = trueNegatives
    }

    package var count: Int { truePositives + falsePositives + falseNegatives + trueNegatives }
    package var accuracy: Double? { ratio(truePositives + trueNegatives, count) }
    /// Nil when nobody is named.
    package var precision: Double? { ratio(truePositives, truePositives + falsePositives) }
    /// Nil when nobody churned.
    package var recall: Double? { ratio(truePositives, truePositives + falseNegatives) }
    package var specificity: Double? { ratio(trueNegatives, trueNegatives + falsePositives) }
    package var f1: Double? { ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives) }

    private func ratio(_ part: Int, _ whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }
}
