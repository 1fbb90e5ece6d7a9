/// What is said of one customer: from which probability on they count as a churner, and what that makes of theirs.
///
/// `probability >= threshold` is churn whatever the rule: where customers are flagged by what is lost with them, each has
/// a threshold of their own.
public struct RowDecision: Sendable, Equatable {
    public let threshold: Double
    public let risk: Risk

    public var isChurn: Bool { risk == .high }

    public init(threshold: Double, risk: Risk) {
        self.threshold = threshold
        self.risk = risk
    }

    /// The decision on a customer who is flagged, or not, by the loss expected of them.
    ///
    /// - Parameters:
    ///   - isFlagged: whether the loss is among the highest.
    ///   - cut: the loss of the last customer among these.
    ///   - spending: what the probability is multiplied by to give the loss.
    public init(probability: Double, isFlagged: Bool, cut: Double, spending: Double) {
        // Nothing is lost with somebody who spends nothing: no probability would flag them.
        let bound = spending > 0 ? min(max(cut / spending, 0), 1) : 1
        // The quotient is rounded, and equal losses are told apart by something else: the decision is what counts.
        threshold = isFlagged ? min(bound, probability) : max(bound, probability.nextUp)
        risk = isFlagged ? .high : probability >= threshold / 2 ? .medium : .low
    }
}

extension Threshold {
    /// The decision by the threshold alone.
    @inline(__always)
    public func decision(_ probability: Double) -> RowDecision {
        RowDecision(threshold: value, risk: risk(probability))
    }
}
