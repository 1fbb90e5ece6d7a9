import Learning
import TestSupport
import Testing

struct LogisticModelTests {
    private let model: LogisticModel

    init() {
        let summary = NumberSummary(minimum: 0, maximum: 9, median: 4, p01: 0, p99: 9)
        let features = [
            Feature(name: "visits", kind: .number(summary), missing: .mean),
            Feature(name: "amount", kind: .number(summary), missing: .zero),
            Feature(name: "plan", kind: .category(levels: ["basic", "gold"]), missing: .level),
            Feature(name: "age", kind: .number(summary), missing: .refuse),
            Feature(
                name: "region", kind: .category(levels: ["north", "south"]), missing: .refuse, refusesUnseen: true),
        ]
        let parameters = LogisticParameters(
            intercept: 0.5,
            effects: [
                .number(weight: -0.3, mean: 4), .number(weight: 0.02, mean: 50),
                .category(weights: [0.4, -0.6, 0.1], shares: [0.5, 0.3, 0.2]), .number(weight: 0.01, mean: 40),
                .category(weights: [0.2, -0.2], shares: [0.25, 0.75]),
            ])
        model = LogisticModel(
            schema: FeatureSchema(features), parameters: parameters, threshold: Threshold(rule: .f1, value: 0.4))
    }

    private func complete() -> FeatureRow {
        var row = FeatureRow(count: 5)
        row.setNumber(0, 7)
        row.setNumber(1, 12.5)
        row.setLevel(2, 1)
        row.setNumber(3, 33)
        row.setLevel(4, 0)
        return row
    }

    @Test func `contributions are counted from the means and add up to the logit`() {
        var row = complete()
        #expect(model.score(&row) == .scored)
        #expect(row.contribution(0) == -0.3 * 3)
        #expect(row.contribution(1) == 0.02 * (12.5 - 50))
        let center = 0.4 * 0.5 - 0.6 * 0.3 + 0.1 * 0.2
        #expect(abs(row.contribution(2) - (-0.6 - center)) < 1e-15)
        let sum = (0..<5).reduce(model.base) { $0 + row.contribution($1) }
        #expect(abs(sum - row.logit) < 1e-12)
        let logit = 0.5 - 0.3 * 7 + 0.02 * 12.5 - 0.6 + 0.01 * 33 + 0.2
        #expect(abs(row.logit - logit) < 1e-12)
        #expect(row.probability == LogisticModel.probability(row.logit))
    }

    @Test func `a missing value is what its policy says`() {
        var row = complete()
        row.setMissing(0)
        row.setMissing(1)
        row.setMissing(2)
        #expect(model.score(&row) == .scored)
        #expect(row.contribution(0) == 0)
        #expect(row.contribution(1) == 0.02 * (0 - 50))
        #expect(abs(row.contribution(2) - (0.1 - 0.04)) < 1e-15)
        row.setMissing(3)
        #expect(model.score(&row) == .refused)
        #expect(model.encoder.encode(row, 3) == .refused)
        #expect(model.encoder.encode(row, 4) == .level(0))
    }

    @Test func `an absent value is a missing one, and a reset makes all absent`() {
        var row = complete()
        row.reset()
        #expect(row.state(0) == .absent)
        #expect(model.encoder.encode(row, 0) == .nothing)
        #expect(model.encoder.encode(row, 3) == .refused)
    }

    @Test func `a level never seen contributes nothing or is refused`() {
        var row = complete()
        row.setUnseen(2)
        #expect(model.score(&row) == .scored)
        #expect(row.contribution(2) == 0)
        row.setUnseen(4)
        #expect(model.score(&row) == .refused)
        #expect(row.level(4) == -1)
    }

    @Test func `a number too large for the sum is an overflow, not a probability`() {
        var row = complete()
        row.setNumber(0, 1e308)
        row.setNumber(1, 1.7e308)
        #expect(model.score(&row) == .scored)
        row.setNumber(1, -1.7e308)
        #expect(model.score(&row) == .scored)
        let steep = LogisticParameters(
            intercept: 0, effects: [.number(weight: 9, mean: 0)] + model.parameters.effects.dropFirst())
        let overflowing = LogisticModel(schema: model.schema, parameters: steep, threshold: model.threshold)
        #expect(overflowing.score(&row) == .overflow)
    }

    @Test func `contributions are ordered by size, the earlier feature first among equals`() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<200 {
            var row = complete()
            row.setNumber(0, Double(Int.random(in: 0...8, using: &generator)))
            row.setNumber(1, Double(Int.random(in: 0...100, using: &generator)))
            row.setLevel(2, Int.random(in: 0...1, using: &generator))
            _ = model.score(&row)
            row.orderContributions()
            let ranked = (0..<5).map { row.feature(ranked: $0) }
            let sizes = (0..<5).map { abs(row.contribution($0)) }
            #expect(ranked == (0..<5).sorted { (sizes[$1], $0) < (sizes[$0], $1) })
        }
    }

    @Test func `names and levels are found by their bytes`() {
        func name(_ text: String, hint: Int) -> Int? { model.schema.index(ofName: Array(text.utf8).span, hint: hint) }
        for hint in -1...9 {
            #expect(name("visits", hint: hint) == 0)
            #expect(name("region", hint: hint) == 4)
            #expect(name("regio", hint: hint) == nil)
            #expect(name("", hint: hint) == nil)
        }
        func level(_ text: String, _ feature: Int) -> Int? {
            model.schema.index(ofLevel: Array(text.utf8).span, feature: feature)
        }
        #expect(level("basic", 2) == 0 && level("gold", 2) == 1 && level("south", 4) == 1)
        #expect(level("gold", 4) == nil && level("gold", 0) == nil && level("Gold", 2) == nil)
    }

    @Test func `a schema of many names finds each of them`() {
        let names = (0..<300).map { "feature_\($0 * 7)" }
        let schema = FeatureSchema(names.map { Feature(name: $0, kind: .number(nil), missing: .mean) })
        for (index, name) in names.enumerated() { #expect(schema.index(ofName: Array(name.utf8).span) == index) }
        #expect(schema.index(ofName: Array("feature_1".utf8).span) == nil)
    }

    @Test func `the threshold itself is churn, and half of it a medium risk`() {
        #expect(model.threshold.isChurn(0.4) && !model.threshold.isChurn(0.4.nextDown))
        #expect(model.threshold.risk(0.4) == .high)
        #expect(model.threshold.risk(0.4.nextDown) == .medium)
        #expect(model.threshold.risk(0.2) == .medium)
        #expect(model.threshold.risk(0.2.nextDown) == .low)
    }

    @Test func `a batch gives the bits of single rows`() throws {
        let result = try SampleData.train()
        let model = result.file.model
        let (encoded, table) = try SampleData.encoded(rows: 300)
        let probabilities = model.probabilities(encoded, rows: Array(0..<300))
        var row = FeatureRow(count: model.schema.count)
        for index in 0..<300 {
            row.reset()
            table.load(index, into: &row)
            #expect(model.score(&row) == .scored)
            #expect(row.probability == probabilities[index])
        }
    }

    @Test func `a row becomes one for another model`() {
        var row = complete()
        row.resize(to: 2)
        #expect(row.count == 2 && row.state(1) == .absent)
        row.setNumber(1, 3)
        row.resize(to: 2)
        #expect(row.state(1) == .absent)
    }
}
