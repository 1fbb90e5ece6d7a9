import Learning
import TestSupport
import Testing

struct ThresholdTests {
    private let costs = Costs(customerValue: 200, offer: 10, contact: 1)

    /// Calibrated probabilities with what became of the rows.
    private func sample(_ count: Int, seed: UInt64) -> (scores: [Double], labels: [Bool]) {
        var generator = SeededGenerator(seed: seed)
        let scores = (0..<count).map { _ in Double(Int.random(in: 1...99, using: &generator)) / 100 }
        return (scores, scores.map { Double.random(in: 0..<1, using: &generator) < $0 })
    }

    @Test func `the profit threshold is the closed form`() {
        #expect(costs.threshold == 11.0 / 67)
        let ranked = RankedScores([0.2, 0.9], [false, true])
        #expect(Threshold(.profit, on: ranked, costs: costs).value == 11.0 / 67)
        // A churner named earns .3 · 190 - 1, another customer named loses 11.
        #expect(costs.profits([0.1, 0.2, 0.2], [true, true, false], threshold: 0.15) == [0, 56, -11])
    }

    @Test func `nobody earns nothing, and no threshold beats the perfect model`() throws {
        let (scores, labels) = sample(2_000, seed: 1)
        let ranked = RankedScores(scores, labels)
        #expect(costs.profit(ranked.confusion(at: .infinity)) == 0)
        let perfect = RankedScores(labels.map { $0 ? 1 : 0 }, labels)
        let best = try #require(costs.profit(perfect.confusion(at: 0.5)))
        for percent in 0...100 {
            #expect(try #require(costs.profit(ranked.confusion(at: Double(percent) / 100))) < best)
        }
    }

    @Test func `of calibrated probabilities the closed form earns what the best threshold earns`() throws {
        let (scores, labels) = sample(20_000, seed: 2)
        let ranked = RankedScores(scores, labels)
        let earned = try #require(costs.profit(ranked.confusion(at: costs.threshold)))
        let half = try #require(costs.profit(ranked.confusion(at: 0.5)))
        var best = -Double.infinity
        for percent in 0...100 {
            best = max(best, try #require(costs.profit(ranked.confusion(at: Double(percent) / 100))))
        }
        #expect(earned > best - 0.1 && earned > half + 1, "\(earned) of \(best), seed 2")
    }

    @Test func `capacity is the value of the last customer who can be approached`() {
        let ranked = RankedScores([0.9, 0.7, 0.7, 0.4, 0.2], [true, true, false, false, false])
        for (capacity, value) in [(1, 0.9), (2, 0.7), (3, 0.7), (4, 0.4), (5, 0.2), (500, 0.2)] {
            let threshold = Threshold(.capacity, on: ranked, capacity: capacity)
            #expect(threshold.value == value && threshold.capacity == capacity && threshold.medium == value / 2)
        }
        #expect(Threshold(.f1, on: ranked, capacity: 3).capacity == nil)
    }

    @Test func `a rule without what it needs, and costs that make no sense, are settings at fault`() {
        var settings = TrainingSettings()
        settings.threshold = .profit
        #expect(throws: TrainingError.self) { try settings.check() }
        settings.costs = costs
        #expect(throws: Never.self) { try settings.check() }
        settings.threshold = .capacity
        #expect(throws: TrainingError.self) { try settings.check() }
        settings.capacity = 1
        #expect(throws: Never.self) { try settings.check() }
        for faulty in [
            Costs(customerValue: 0, offer: 1, contact: 1), Costs(customerValue: 200, offer: -1, contact: 1),
            Costs(customerValue: 200, offer: 10, contact: 60), Costs(customerValue: 200, offer: 10, contact: .nan),
            Costs(customerValue: 200, offer: 10, contact: 1, acceptance: 0),
            Costs(customerValue: 200, offer: 10, contact: 1, acceptance: 1.1),
        ] {
            settings.costs = faulty
            let error = #expect(throws: TrainingError.self) { try settings.check() }
            #expect(error?.isSetting == true)
        }
    }

    @Test(arguments: [Threshold.Rule.profit, .capacity]) func `costs and capacity are in the file`(
        rule: Threshold.Rule
    ) throws {
        var settings = TrainingSettings()
        settings.lambda = 1e-3
        settings.threshold = rule
        settings.costs = costs
        settings.capacity = 25
        let result = try Training.train(csv: SampleData.csv(rows: 300).span, SampleData.layout, settings)
        let read = try ModelFile(reading: result.file.bytes).contents
        #expect(read == result.file.contents && read.costs == costs)
        #expect(read.threshold.capacity == (rule == .capacity ? 25 : nil))
        if rule == .capacity {
            #expect(read.quality.confusion.truePositives + read.quality.confusion.falsePositives == 25)
        }
        if rule == .profit { #expect(read.threshold.value == 11.0 / 67) }
        #expect(try #require(read.quality.profit) > 0)
    }
}
