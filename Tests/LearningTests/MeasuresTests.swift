import Glibc
import Learning
import TestSupport
import Testing

struct MeasuresTests {
    /// Scores with many ties, and labels that follow them loosely.
    private func sample(_ count: Int, seed: UInt64) -> (scores: [Double], labels: [Bool]) {
        var generator = SeededGenerator(seed: seed)
        var scores: [Double] = []
        var labels: [Bool] = []
        for _ in 0..<count {
            let score = Double(Int.random(in: 1...19, using: &generator)) / 20
            scores.append(score)
            labels.append(Double.random(in: 0..<1, using: &generator) < score * 0.7)
        }
        return (scores, labels)
    }

    /// The definition: the share of pairs in the right order, ties half.
    private func naiveAUC(_ scores: [Double], _ labels: [Bool]) -> Double {
        var sum = 0.0
        var pairs = 0.0
        for i in scores.indices where labels[i] {
            for j in scores.indices where !labels[j] {
                pairs += 1
                sum += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0
            }
        }
        return sum / pairs
    }

    @Test(arguments: 0..<10) func `the area is the share of pairs in the right order`(seed: Int) throws {
        let (scores, labels) = sample(150, seed: UInt64(seed))
        let deLong = try #require(DeLong(RankedScores(scores, labels)))
        #expect(abs(deLong.auc - naiveAUC(scores, labels)) < 1e-12)
    }

    @Test func `DeLong's deviation is that of a bootstrap`() throws {
        let (scores, labels) = sample(400, seed: 5)
        let deLong = try #require(DeLong(RankedScores(scores, labels)))
        let deviation = try #require(deLong.variance).squareRoot()
        var generator = SeededGenerator(seed: 6)
        var areas: [Double] = []
        for _ in 0..<400 {
            let rows = (0..<400).map { _ in Int.random(in: 0..<400, using: &generator) }
            let ranked = RankedScores(rows.map { scores[$0] }, rows.map { labels[$0] })
            areas.append(try #require(DeLong(ranked)).auc)
        }
        let mean = areas.reduce(0, +) / 400
        let bootstrap = (areas.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
        #expect(abs(deviation / bootstrap - 1) < 0.12)
        let interval = try #require(deLong.interval)
        #expect(interval.contains(deLong.auc))
        #expect(abs((interval.upperBound - interval.lowerBound) / (2 * 1.96 * deviation) - 1) < 0.02)
    }

    @Test func `the order of the rows changes nothing`() {
        let (scores, labels) = sample(300, seed: 8)
        var generator = SeededGenerator(seed: 9)
        let order = scores.indices.shuffled(using: &generator)
        let quality = Quality(scores, labels, threshold: 0.4)
        let shuffled = Quality(order.map { scores[$0] }, order.map { labels[$0] }, threshold: 0.4)
        #expect(quality.auc == shuffled.auc)
        #expect(quality.ece == shuffled.ece)
        #expect(quality.lift10 == shuffled.lift10)
        #expect(quality.prAUC == shuffled.prAUC)
        #expect(quality.confusion == shuffled.confusion)
    }

    @Test func `measures of a small sample, worked out by hand`() throws {
        let scores = [0.9, 0.8, 0.8, 0.3, 0.1]
        let labels = [true, true, false, false, true]
        let quality = Quality(scores, labels, threshold: 0.8)
        #expect(
            quality.confusion
                == Confusion(truePositives: 2, falsePositives: 1, falseNegatives: 1, trueNegatives: 1))
        #expect(quality.accuracy == 0.6)
        #expect(quality.precision == 2.0 / 3)
        #expect(quality.recall == 2.0 / 3)
        #expect(quality.specificity == 0.5)
        #expect(quality.f1 == 2.0 / 3)
        let precision = (1.0 + 2.0 / 3 + 3.0 / 5) / 3
        #expect(abs(try #require(quality.prAUC) - precision) < 1e-15)
        let loss = -(log(0.9) + log(0.8) + log(0.2) + log(0.7) + log(0.1)) / 5
        #expect(abs(try #require(quality.logLoss) - loss) < 1e-15)
        let brier = (0.01 + 0.04 + 0.64 + 0.09 + 0.81) / 5
        #expect(abs(try #require(quality.brier) - brier) < 1e-15)
        #expect(abs(try #require(quality.lift10) - 1 / 0.6) < 1e-15)
        let share = 0.6
        let constant = -(share * log(share) + (1 - share) * log(1 - share))
        #expect(abs(try #require(quality.logLossConstant) - constant) < 1e-15)
    }

    @Test func `a tie over the edge of the highest tenth counts by expectation`() throws {
        // Twenty rows: the tenth is two; one row above, then three tied with one churner among them.
        let scores = [0.9, 0.8, 0.8, 0.8] + Array(repeating: 0.1, count: 16)
        let labels = [true, true, false, false] + Array(repeating: false, count: 16)
        let lift = try #require(Quality(scores, labels, threshold: 0.5).lift10)
        #expect(abs(lift - (1 + 1.0 / 3) / 2 / 0.1) < 1e-12)
    }

    @Test func `the calibration error is the mean distance over ten bins`() throws {
        let scores = (0..<100).map { Double($0) / 100 + 0.005 }
        let labels = (0..<100).map { $0 >= 50 }
        let error = try #require(Quality(scores, labels, threshold: 0.5).ece)
        // Bins of ten have means .05, .15 … and shares 0 below the middle, 1 above.
        let expected = (0.05 + 0.15 + 0.25 + 0.35 + 0.45) * 2 / 10
        #expect(abs(error - expected) < 1e-12)
    }

    @Test func `one class gives nothing and a reason`() {
        let quality = Quality([0.2, 0.7], [false, false], threshold: 0.5)
        #expect(quality.auc == nil && quality.aucLow == nil && quality.recall == nil && quality.prAUC == nil)
        #expect(quality.lift10 == nil)
        #expect(quality.logLossConstant == 0)
        #expect(quality.reason == "nobody churned")
        #expect(Quality([0.2], [true], threshold: 0.5).reason == "everybody churned")
        #expect(Quality([], [], threshold: 0.5).reason == "no rows")
    }

    @Test func `a certain mistake makes the log loss infinite, which is none`() {
        #expect(Quality([1, 0.5], [false, true], threshold: 0.5).logLoss == nil)
        #expect(Quality([1, 0.5], [true, false], threshold: 0.5).logLoss == log(2) / 2)
    }

    @Test func `a perfect ranking has no interval`() throws {
        let deLong = try #require(DeLong(RankedScores([0.9, 0.8, 0.2, 0.1], [true, true, false, false])))
        #expect(deLong.auc == 1)
        #expect(deLong.interval == nil)
    }

    @Test(arguments: [Threshold.Rule.f1, .youden]) func `no threshold beats the chosen one`(rule: Threshold.Rule) throws
    {
        let (scores, labels) = sample(300, seed: 11)
        let ranked = RankedScores(scores, labels)
        let chosen = Threshold(rule, on: ranked)
        func worth(_ value: Double) throws -> Double {
            let confusion = ranked.confusion(at: value)
            if rule == .f1 { return try #require(confusion.f1) }
            return try #require(confusion.recall) + #require(confusion.specificity)
        }
        let best = try worth(chosen.value)
        for score in Set(scores) {
            let other = try worth(score)
            #expect(other <= best + 1e-12)
            if abs(other - best) < 1e-12 { #expect(score <= chosen.value) }
        }
        #expect(chosen.medium == chosen.value / 2)
        #expect(Threshold(.half, on: ranked).value == 0.5)
    }

    @Test func `curves stay within their sizes and reach their corners`() {
        var generator = SeededGenerator(seed: 12)
        let scores = (0..<2_000).map { _ in Double.random(in: 0..<1, using: &generator) }
        let labels = scores.map { Double.random(in: 0..<1, using: &generator) < $0 }
        let curves = Curves(RankedScores(scores, labels))
        #expect(curves.roc.count == 200 && curves.pr.count == 200)
        #expect(curves.roc.first?.falsePositiveRate == 0 && curves.roc.first?.truePositiveRate == 0)
        #expect(curves.roc.last?.falsePositiveRate == 1 && curves.roc.last?.truePositiveRate == 1)
        #expect(curves.deciles.count == 10 && curves.deciles.map(\.count).reduce(0, +) == 2_000)
        #expect(curves.histogram.count == 20)
        #expect(curves.histogram.reduce(0) { $0 + $1.churned + $1.stayed } == 2_000)
        #expect(curves.thresholds.count == 99 && curves.thresholds[49].threshold == 0.5)
        #expect(curves.thresholds[49].confusion == RankedScores(scores, labels).confusion(at: 0.5))
    }
}
