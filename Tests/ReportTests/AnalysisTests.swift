import Learning
import Report
import Testing

struct AnalysisTests {
    @Test func `steps are the round numbers next to a spread`() {
        #expect(
            [7.2, 1.25, 2, 40, 0.03, 4, 1.3, 0.0071].map(RoundNumber.nearest)
                == [10, 1, 2, 50, 0.02, 5, 1, 0.01].map { $0 })
        #expect([7.2, 1.25, 2, 40, 10].map(RoundNumber.atLeast) == [10, 2, 2, 50, 10])
    }

    @Test func `ticks are round and inside the axis`() {
        #expect(Scale(0...1, from: 0, to: 10).ticks() == [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1])
        #expect(Scale(3...47, from: 0, to: 10).ticks() == [10, 20, 30, 40])
        #expect(Scale(0...10, from: 100, to: 0)(2.5) == 75)
        #expect(Scale(0...10, from: 100, to: 0)(99) == 0)
    }

    @Test func `ten more days of silence are told with their factor on the odds`() {
        let effect = FeatureEffect(feature: 2, weight: 0.034, base: -1.8, deviation: 8.1, isWhole: false)
        #expect(effect.step == 10)
        #expect(abs(effect.oddsRatio - 1.405) < 0.001)
        #expect(abs(effect.spread - 0.2754) < 1e-12)
        #expect(abs(effect.before - 0.14185) < 1e-5)
        #expect(abs(effect.after - 0.18844) < 1e-4)
    }

    @Test func `a step of whole numbers is at least one, and a constant has one too`() {
        #expect(FeatureEffect(feature: 0, weight: 1, base: 0, deviation: 0.37, isWhole: true).step == 1)
        #expect(FeatureEffect(feature: 0, weight: 1, base: 0, deviation: 0.37, isWhole: false).step == 0.5)
        #expect(FeatureEffect(feature: 0, weight: 0, base: 0, deviation: nil, isWhole: false).step == 1)
    }

    @Test func `whole numbers in a small range have a bin each`() {
        let distribution = Distribution(
            [0, 1, 1, 3, .nan, .nan], [true, false, true, false, true, false],
            trainedOn: NumberSummary(minimum: 0, maximum: 2, median: 1, p01: 0, p99: 2))
        #expect(distribution.edges == [-0.5, 0.5, 1.5, 2.5, 3.5])
        #expect(distribution.churned == [1, 1, 0, 0])
        #expect(distribution.stayed == [0, 1, 0, 1])
        #expect(distribution.missing == 2)
        #expect(distribution.missingChurned == 1)
        #expect(distribution.outside == 1)
        #expect(distribution.median == 1)
        #expect(distribution.isWhole)
    }

    @Test func `other numbers have twenty bins, and no row is lost beyond them`() {
        let values = (0..<1_000).map { Double($0) * 0.37 }
        let distribution = Distribution(values, values.map { $0 > 200 }, trainedOn: nil)
        #expect(distribution.edges.count == 21)
        #expect(distribution.stayed.reduce(0, +) + distribution.churned.reduce(0, +) == 1_000)
        #expect(distribution.outside == 0)
    }

    @Test func `no value, one value and enormous values have a distribution`() {
        #expect(Distribution([], [], trainedOn: nil).edges.isEmpty)
        #expect(Distribution([.nan], [true], trainedOn: nil).missing == 1)
        #expect(Distribution([2.5, 2.5], [true, false], trainedOn: nil).edges == [2.5, 3.5])
        for values in [[1e300, -1e300, 1e308, -1e308], [1e17, 1e17, 1e17 + 16], [1e-300, 0.1]] {
            let distribution = Distribution(values, values.map { _ in true }, trainedOn: nil)
            #expect(distribution.churned.reduce(0, +) == values.count)
            #expect(distribution.edges == distribution.edges.sorted())
        }
    }

    @Test func `bands hold each row once, and know where a class is missing`() {
        let days = [0.5, 0, 5, 6, 6.9, 7, 400, .nan]
        let labels = [false, false, true, false, true, true, true, true]
        let bands = RecencyBand.all(days, [0.1, 0.2, 0.3, 0.1, 0.4, 0.5, 0.9, 0.9], labels)
        #expect(bands.map(\.from) == [0, 3, 7, 365])
        #expect(bands.map(\.rows) == [2, 3, 1, 1])
        #expect(bands.map(\.churned) == [0, 2, 1, 1])
        #expect(bands.map(\.auc) == [nil, 1, nil, nil])
        #expect(abs(bands[1].meanProbability - 0.8 / 3) < 1e-12)
    }

    @Test func `levels are counted, missing and unseen ones too`() {
        let feature = Feature(name: "plan", kind: .category(levels: ["basic", "gold", "old"]), missing: .level)
        let effect = LogisticParameters.Effect.category(weights: [0.5, -0.5, 0, 1], shares: [0.5, 0.25, 0, 0.25])
        let levels = LevelCount.all(
            feature, effect, ["gold", nil, "silver", "gold", "platinum"], [true, false, true, false, false])
        #expect(levels.map(\.level) == [.known("basic"), .known("gold"), .missing, .unseen])
        #expect(levels.map(\.rows) == [0, 2, 1, 2])
        #expect(levels.map(\.churned) == [0, 1, 0, 1])
        #expect(levels.map(\.trainedShare) == [0.5, 0.25, 0.25, nil])
        #expect(levels.map(\.effect) == [0.125, -0.875, 0.625, nil])
        #expect(levels.map(\.churnShare) == [nil, 0.5, 0, 0.5])
    }

    @Test func `a hundred people are a hundred, whatever the counts`() {
        #expect(HundredPeople.parts([1, 1, 1]) == [34, 33, 33])
        #expect(HundredPeople.parts([630, 1_355, 453, 5_018]) == [9, 18, 6, 67])
        #expect(HundredPeople.parts([0, 0]) == [0, 0])
        #expect(HundredPeople.parts([0, 7]) == [0, 100])
        for count in 1...200 { #expect(HundredPeople.parts([count, 17, 3]).reduce(0, +) == 100) }
    }

    @Test func `intervals of shares are Wilson's and stay between 0 and 1`() throws {
        let interval = try #require(Interval.share(15, of: 100))
        #expect(abs(interval.lowerBound - 0.0931) < 5e-5)
        #expect(abs(interval.upperBound - 0.2328) < 5e-5)
        #expect(Interval.share(0, of: 0) == nil)
        #expect(Interval.share(0, of: 10)?.lowerBound == 0)
        #expect(Interval.share(10, of: 10)?.upperBound == 1)
        #expect(Interval.mean(of: [1]) == nil)
        #expect(Interval.mean(of: [1, .infinity]) == nil)
        let mean = try #require(Interval.mean(of: [1, 2, 3, 4]))
        #expect(abs(mean.lowerBound - 1.2348) < 1e-4)
        #expect(abs(mean.upperBound - 3.7652) < 1e-4)
    }
}

extension AnalysisTests {
    @Test func `chance explains small distances from what was stated, and not large ones`() {
        /// Ten groups of rows, each with one probability, of which a share leaves that is `off` by so much.
        func bins(_ count: Int, off: Double) -> [Curves.Bin] {
            let stated = (1...10).map { Double($0) / 12 }
            let probabilities = stated.flatMap { Array(repeating: $0, count: count) }
            let labels = stated.flatMap { share in (0..<count).map { Double($0) < (share + off) * Double(count) } }
            return Curves(RankedScores(probabilities, labels)).calibration
        }
        #expect(CalibrationTest(bins(20, off: 0.04)).isExplainedByChance)
        #expect(!CalibrationTest(bins(2_000, off: 0.04)).isExplainedByChance)
        #expect(CalibrationTest([]).isExplainedByChance)
        #expect(CalibrationTest(Curves(RankedScores([0, 0], [false, false])).calibration).isExplainedByChance)
        #expect(!CalibrationTest(Curves(RankedScores([0, 0], [true, false])).calibration).isExplainedByChance)
    }
}

extension AnalysisTests {
    @Test func `the interval of the odds widens with the step`() throws {
        let term = WaldTerm(weight: 0.034, standardError: 0.002)
        let interval = try #require(term.oddsInterval(step: 10))
        #expect(abs(interval.lowerBound - 1.3509) < 1e-4)
        #expect(abs(interval.upperBound - 1.4611) < 1e-4)
        #expect(WaldTerm(weight: 1, standardError: 1).oddsInterval(step: 1_000) == nil)
        #expect(WaldTerm(weight: 0, standardError: 0).oddsInterval(step: 5) == 1...1)
    }
}
