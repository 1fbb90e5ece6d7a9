/// The expected maximum profit of a churn campaign per customer (EMPC).
///
/// Verbraken, Verbeke, Baesens 2013: the share γ of leaving customers who take an offer is not known but distributed as
/// Beta(α, β); for each γ the best cut along the convex hull of the ROC curve is taken, and the profits are averaged.
/// With churners' share π₀, others' share π₁, δ = offer / value and φ = contact / value, the profit at a hull point (F₁, F₀)
/// is value · (γ (1 - δ) - φ) π₀ F₀ - value · (δ + φ) π₁ F₁.
package struct ExpectedProfit: Sendable, Equatable {
    /// Per customer, in the currency of the costs.
    package let profit: Double
    /// The share of customers that it approaches, on average.
    package let share: Double

    /// α and β for `acceptance` .3 are Verbraken's 6 and 14.
    private static let concentration = 20.0

    /// Nil when a class is missing.
    package init?(_ ranked: RankedScores, _ costs: Costs) {
        guard ranked.positives > 0, ranked.negatives > 0 else { return nil }
        let hull = ranked.hull
        let churners = Double(ranked.positives) / Double(ranked.count)
        let worth = costs.customerValue
        let delta = costs.offer / worth
        let phi = costs.contact / worth
        // From which acceptance on the next hull point is better: where the profits of both are equal.
        var edges = [0.0]
        for (point, next) in zip(hull, hull.dropFirst()) {
            let gained = churners * (next.right - point.right)
            let wasted = (1 - churners) * (next.wrong - point.wrong)
            let edge = gained > 0 ? ((delta + phi) * wasted + phi * gained) / (gained * (1 - delta)) : .infinity
            edges.append(min(max(edge, edges[edges.count - 1]), 1))
        }
        edges.append(1)
        var profit = 0.0
        var share = 0.0
        let acceptance = Acceptance(costs.acceptance, concentration: Self.concentration)
        for (index, point) in hull.enumerated() {
            let (mass, moment) = acceptance.integrals(from: edges[index], to: edges[index + 1])
            let right = churners * point.right
            let wrong = (1 - churners) * point.wrong
            profit += worth * ((1 - delta) * right * moment - (phi * right + (delta + phi) * wrong) * mass)
            share += (right + wrong) * mass
        }
        self.profit = profit
        self.share = share
    }

    /// The distribution of the share who take an offer: beta, or certainty where everybody does.
    private struct Acceptance {
        private let plain: BetaDistribution?
        private let shifted: BetaDistribution?
        private let mean: Double

        init(_ mean: Double, concentration: Double) {
            self.mean = mean
            guard mean < 1 else {
                plain = nil
                shifted = nil
                return
            }
            let (alpha, beta) = (concentration * mean, concentration * (1 - mean))
            plain = BetaDistribution(alpha: alpha, beta: beta)
            shifted = BetaDistribution(alpha: alpha + 1, beta: beta)
        }

        /// ∫ h(γ) dγ and ∫ γ h(γ) dγ between two shares.
        func integrals(from low: Double, to high: Double) -> (mass: Double, moment: Double) {
            guard let plain, let shifted else { return low < 1 && high == 1 ? (1, mean) : (0, 0) }
            let mass = plain.probability(upTo: high) - plain.probability(upTo: low)
            return (mass, mean * (shifted.probability(upTo: high) - shifted.probability(upTo: low)))
        }
    }
}

extension RankedScores {
    /// Shares of those who stay and of churners that a cut names.
    fileprivate struct HullPoint {
        var wrong: Double
        var right: Double
    }

    /// The corners of the ROC curve's convex hull, from nobody named to everybody.
    fileprivate var hull: [HullPoint] {
        var hull = [HullPoint(wrong: 0, right: 0)]
        var right = 0
        var wrong = 0
        for group in groups {
            right += group.positives
            wrong += group.negatives
            let point = HullPoint(
                wrong: Double(wrong) / Double(negatives), right: Double(right) / Double(positives))
            while hull.count > 1, !Self.isAbove(hull[hull.count - 1], hull[hull.count - 2], point) { hull.removeLast() }
            hull.append(point)
        }
        return hull
    }

    /// Whether `middle` lies above the line between two others.
    private static func isAbove(_ middle: HullPoint, _ first: HullPoint, _ last: HullPoint) -> Bool {
        let rise = (middle.right - first.right) * (last.wrong - first.wrong)
        return rise > (last.right - first.right) * (middle.wrong - first.wrong)
    }
}
