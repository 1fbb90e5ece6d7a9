import Learning
import TestSupport
import Testing

struct ExpectedProfitTests {
    private let costs = Costs(customerValue: 200, offer: 10, contact: 1)

    @Test func `the published vector comes out to nine digits`() throws {
        let labels = [false, true, false, true, false, true, false, true]
        let scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9]
        let found = try #require(ExpectedProfit(RankedScores(scores, labels), costs))
        #expect(abs(found.profit - 23.875593418348124) < 1e-9)
        #expect(abs(found.share - 0.8743700763487141) < 1e-9)
        #expect(Quality(scores, labels, threshold: 0.5, costs: costs).empc == found.profit)
        #expect(Quality(scores, labels, threshold: 0.5).empc == nil)
    }

    /// The definition: for each acceptance the best of all cuts, averaged over the density.
    private func naive(_ ranked: RankedScores, _ costs: Costs) -> Double {
        let steps = 20_000
        var weights = 0.0
        var sum = 0.0
        for step in 0..<steps {
            let share = (Double(step) + 0.5) / Double(steps)
            var weight = 1.0
            for _ in 0..<5 { weight *= share }
            for _ in 0..<13 { weight *= 1 - share }
            var best = 0.0
            var exact = costs
            exact.acceptance = share
            for group in ranked.groups { best = max(best, exact.profit(ranked.confusion(at: group.score)) ?? 0) }
            weights += weight
            sum += weight * best
        }
        return sum / weights
    }

    @Test(arguments: 1...3) func `it is the mean over acceptances of the best cut's profit`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let scores = (0..<60).map { _ in Double(Int.random(in: 1...12, using: &generator)) / 13 }
        let labels = scores.map { Double.random(in: 0..<1, using: &generator) < $0 * 0.6 }
        let ranked = RankedScores(scores, labels)
        let found = try #require(ExpectedProfit(ranked, costs))
        #expect(abs(found.profit - naive(ranked, costs)) < 1e-4, "seed \(seed)")
    }

    @Test func `no model beats the perfect one, and chance does not beat a model`() throws {
        var generator = SeededGenerator(seed: 4)
        let scores = (0..<500).map { _ in Double.random(in: 0..<1, using: &generator) }
        let labels = scores.map { Double.random(in: 0..<1, using: &generator) < $0 * 0.5 }
        let model = try #require(ExpectedProfit(RankedScores(scores, labels), costs)).profit
        let perfect = try #require(ExpectedProfit(RankedScores(labels.map { $0 ? 1 : 0 }, labels), costs)).profit
        let chance = try #require(ExpectedProfit(RankedScores(labels.map { _ in 0.5 }, labels), costs)).profit
        #expect(perfect > model && model > chance && chance >= 0)
        #expect(ExpectedProfit(RankedScores([0.5, 0.4], [true, true]), costs) == nil)
    }

    @Test func `where everybody takes the offer it is the best cut's profit`() throws {
        let certain = Costs(customerValue: 200, offer: 10, contact: 1, acceptance: 1)
        let labels = [true, false, true, false, false, false]
        let ranked = RankedScores([0.9, 0.8, 0.7, 0.3, 0.2, 0.1], labels)
        let found = try #require(ExpectedProfit(ranked, certain)).profit
        #expect(abs(found - (2 * 189.0 - 11) / 6) < 1e-9)
    }
}
