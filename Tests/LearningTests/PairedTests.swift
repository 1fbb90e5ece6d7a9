import Learning
import TestSupport
import Testing

struct PairedTests {
    /// Two scores, of which one blurs the other, with ties in both.
    private func sample(_ count: Int, seed: UInt64) -> (labels: [Bool], ours: [Double], theirs: [Double]) {
        var generator = SeededGenerator(seed: seed)
        let ours = (0..<count).map { _ in Double(Int.random(in: 1...39, using: &generator)) / 40 }
        let labels = ours.map { Double.random(in: 0..<1, using: &generator) < $0 * 0.8 }
        let theirs = ours.map { ($0 * 20).rounded() / 20 + Double(Int.random(in: 0...8, using: &generator)) / 20 }
        return (labels, ours, theirs)
    }

    @Test(arguments: 1...5) func `both areas are those of one model alone`(seed: UInt64) throws {
        let (labels, ours, theirs) = sample(300, seed: seed)
        let pair = try #require(PairedDeLong(ours, theirs, labels))
        #expect(abs(pair.candidate - (try #require(DeLong(RankedScores(ours, labels))).auc)) < 1e-12)
        #expect(abs(pair.champion - (try #require(DeLong(RankedScores(theirs, labels))).auc)) < 1e-12)
    }

    @Test func `the variance of a difference to a constant is that of the model alone`() throws {
        let (labels, ours, _) = sample(300, seed: 6)
        let pair = try #require(PairedDeLong(ours, labels.map { _ in 0.5 }, labels))
        let alone = try #require(DeLong(RankedScores(ours, labels))?.variance)
        #expect(pair.champion == 0.5)
        #expect(abs(try #require(pair.variance) / alone - 1) < 1e-12)
    }

    @Test func `the deviation of the difference is that of a bootstrap`() throws {
        let (labels, ours, theirs) = sample(400, seed: 7)
        let pair = try #require(PairedDeLong(ours, theirs, labels))
        var generator = SeededGenerator(seed: 8)
        var differences: [Double] = []
        for _ in 0..<400 {
            let rows = (0..<400).map { _ in Int.random(in: 0..<400, using: &generator) }
            let drawn = try #require(
                PairedDeLong(rows.map { ours[$0] }, rows.map { theirs[$0] }, rows.map { labels[$0] }))
            differences.append(drawn.difference)
        }
        let mean = differences.reduce(0, +) / 400
        let bootstrap = (differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
        let deviation = try #require(pair.variance).squareRoot()
        #expect(abs(deviation / bootstrap - 1) < 0.12, "\(deviation) and \(bootstrap), seeds 7 and 8")
        let bounds = try #require(pair.bounds)
        #expect(abs(bounds.upperBound - pair.difference - 1.6448536269514722 * deviation) < 1e-12)
    }

    @Test func `models that rank alike differ by exactly nothing`() throws {
        let (labels, ours, _) = sample(300, seed: 9)
        let pair = try #require(PairedDeLong(ours, ours.map { $0 * $0 * 0.5 }, labels))
        #expect(pair.difference == 0 && pair.variance == 0)
        #expect(pair.bounds == 0...0)
    }

    @Test func `a missing class gives no pair, one row of a class no variance`() {
        #expect(PairedDeLong([0.1, 0.2], [0.1, 0.2], [true, true]) == nil)
        #expect(PairedDeLong([], [], []) == nil)
        #expect(PairedDeLong([0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [true, false, false])?.variance == nil)
    }

    @Test func `the error of a mean difference is worked out by hand`() throws {
        let pair = try #require(PairedMean([1, 2, 6], [1, 1, 1]))
        #expect(pair.candidate == 3 && pair.champion == 1 && pair.difference == 2)
        // Differences 0, 1, 5: squares 4 + 1 + 9, over 2, over 3.
        #expect(abs(try #require(pair.standardError) - (14.0 / 6).squareRoot()) < 1e-15)
        #expect(PairedMean([0.3, 0.4], [0.1, 0.2])?.standardError == 0)
        #expect(PairedMean([1], [2])?.bounds == nil)
        #expect(PairedMean([], []) == nil)
        #expect(PairedMean([.infinity, 1], [1, 1]) == nil)
    }
}
