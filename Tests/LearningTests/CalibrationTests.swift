import Glibc
import Learning
import TestSupport
import Testing

struct CalibrationTests {
    /// Logits, and outcomes drawn from a line through them.
    private func sample(
        _ count: Int, slope: Double, intercept: Double, seed: UInt64
    ) -> (logits: [Double], labels: [Bool]) {
        var generator = SeededGenerator(seed: seed)
        let logits = (0..<count).map { _ in Double.random(in: -3...3, using: &generator) }
        let labels = logits.map {
            Double.random(in: 0..<1, using: &generator) < LogisticModel.probability(slope * $0 + intercept)
        }
        return (logits, labels)
    }

    private func folds(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 5) } }

    @Test func `the line is where the log loss has no slope`() throws {
        let (logits, labels) = sample(2_000, slope: 0.6, intercept: -0.5, seed: 1)
        let line = try #require(Platt(logits, labels))
        #expect(abs(line.slope - 0.6) < 0.1 && abs(line.intercept + 0.5) < 0.15)
        var (slope, intercept, loss) = (0.0, 0.0, 0.0)
        for (logit, label) in zip(logits, labels) {
            let miss = LogisticModel.probability(line.logit(logit)) - (label ? 1 : 0)
            slope += miss * logit
            intercept += miss
            loss += log1p(exp(line.logit(logit))) - (label ? line.logit(logit) : 0)
        }
        #expect(abs(slope) < 1e-6 && abs(intercept) < 1e-6)
        #expect(abs(loss / 2_000 - line.logLoss) < 1e-12)
    }

    @Test func `a line that is needed is kept, and its gain is that of rows it has not seen`() throws {
        let (logits, labels) = sample(2_000, slope: 0.4, intercept: -0.6, seed: 2)
        let choice = CalibrationChoice(logits, labels, folds: folds(2_000))
        let kept = try #require(choice.calibration)
        let line = try #require(Platt(logits, labels))
        #expect(kept.slope == line.slope && kept.intercept == line.intercept)
        let before = try #require(Measures.logLoss(logits.map(LogisticModel.probability), labels))
        let after = try #require(Measures.logLoss(choice.probabilities, labels))
        #expect(abs(before - after - kept.logLossGain) < 1e-12)
        #expect(kept.logLossGain > kept.standardError)
        let others = (0..<Int32(2_000)).filter { $0 % 5 != 3 }
        let without = try #require(Platt(logits, labels, rows: others))
        #expect(choice.probabilities[3] == LogisticModel.probability(without.logit(logits[3])))
    }

    @Test func `of calibrated probabilities most are left alone, and always still keeps the line`() {
        var kept = 0
        for seed in 1...40 as ClosedRange<UInt64> {
            let (logits, labels) = sample(1_000, slope: 1, intercept: 0, seed: seed)
            let choice = CalibrationChoice(logits, labels, folds: folds(1_000))
            if choice.calibration != nil {
                kept += 1
            } else {
                #expect(choice.probabilities == logits.map(LogisticModel.probability))
            }
            #expect(CalibrationChoice(logits, labels, folds: folds(1_000), isAlways: true).calibration != nil)
        }
        #expect(kept <= 8, "\(kept) of 40, seeds 1 to 40")
    }

    @Test func `no line turns the order round, and none comes from one class or separate ones`() {
        let (logits, labels) = sample(1_000, slope: -1, intercept: 0, seed: 3)
        #expect(Platt(logits, labels) == nil)
        #expect(CalibrationChoice(logits, labels, folds: folds(1_000), isAlways: true).calibration == nil)
        #expect(Platt(logits, logits.map { _ in true }) == nil)
        #expect(Platt(logits, logits.map { $0 > 0 }) == nil)
        #expect(Platt(logits.map { _ in 0.5 }, labels) == nil)
    }

    @Test func `a model with a line folded in gives its probabilities and exact contributions`() throws {
        let (encoded, table) = try SampleData.encoded(rows: 300)
        let rows = Array(0..<Int32(300))
        let fit = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: 0.5)
        let plain = fit.model(encoded.schema).logits(encoded, rows: rows)
        let line = try #require(Platt(plain, table.labels))
        #expect(line.slope > 2)
        let model = LogisticModel(
            schema: encoded.schema, parameters: fit.parameters.calibrated(slope: line.slope, intercept: line.intercept),
            threshold: Threshold(rule: .half, value: 0.5))
        var row = FeatureRow(count: 4)
        for (index, logit) in plain.enumerated() {
            row.reset()
            table.load(index, into: &row)
            #expect(model.score(&row) == .scored)
            #expect(abs(row.logit - line.logit(logit)) < 1e-12)
            let sum = (0..<4).reduce(model.base) { $0 + row.contribution($1) }
            #expect(abs(sum - row.logit) < 1e-12)
        }
    }

    @Test func `a penalty that is far too strong is made up for, in the file too`() throws {
        let result = try SampleData.train(rows: 1_000, lambda: 0.5)
        let contents = result.file.contents
        let calibration = try #require(contents.calibration)
        #expect(calibration.slope > 2)
        #expect(result.text.contains("Calibrated on rows that the fit had not seen: logit · "))
        let quality = contents.quality
        #expect(try #require(quality.logLoss) < #require(quality.logLossConstant) - 0.05)
        #expect(try ModelFile(reading: result.file.bytes).contents == contents)
    }
}
