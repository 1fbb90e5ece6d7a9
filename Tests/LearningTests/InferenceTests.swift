import JSON
import Learning
import TestSupport
import Testing

struct InferenceTests {
    /// Customers with several alike rows each: what one row says, the others say again.
    private func table(customers: Int, rowsEach: Int, seed: UInt64) -> RawTable {
        var generator = SeededGenerator(seed: seed)
        var (numbers, others): ([Double], [Double]) = ([], [])
        var levels: [Int32] = []
        var labels: [Bool] = []
        var owners: [Int32] = []
        for customer in 0..<customers {
            let x = Double.random(in: -2...2, using: &generator)
            let y = Double.random(in: 0...10, using: &generator)
            let level = Int32.random(in: 0...2, using: &generator)
            let logit = -0.5 + 0.7 * x - 0.1 * y + [0, 0.8, -0.4][Int(level)]
            let isChurn = Double.random(in: 0..<1, using: &generator) < LogisticModel.probability(logit)
            for _ in 0..<rowsEach {
                numbers.append(x)
                others.append(y)
                levels.append(level)
                labels.append(isChurn)
                owners.append(Int32(customer))
            }
        }
        return RawTable(
            columns: [
                RawColumn(name: "x", values: .numbers(numbers)), RawColumn(name: "y", values: .numbers(others)),
                RawColumn(name: "plan", values: .levels(levels, names: ["a", "b", "c"])),
            ],
            labels: labels, customers: owners)
    }

    private func infer(_ table: RawTable) throws -> Inference {
        let encoded = EncodedTable(table, try table.schema(SchemaSettings()))
        return Inference(
            refitting: encoded, labels: table.labels, customers: table.customers,
            rows: Array(0..<Int32(table.count)))
    }

    @Test func `rows that repeat what one said make nothing more certain`() throws {
        let once = try infer(table(customers: 400, rowsEach: 1, seed: 1))
        let often = try infer(table(customers: 400, rowsEach: 7, seed: 1))
        #expect(once.reason == nil && once.customers == 400 && often.customers == 400)
        for (one, other) in zip(once.effects.flatMap(\.terms), often.effects.flatMap(\.terms)) {
            let (one, other) = (try #require(one), try #require(other))
            #expect(abs(one.weight - other.weight) < 1e-7)
            #expect(abs(one.standardError / other.standardError - 1) < 1e-6)
        }
    }

    @Test func `the errors are the spread of the weights over many samples`() throws {
        var found: [[Double]] = [[], [], [], []]
        var errors: [Double] = [0, 0, 0, 0]
        let runs = 60
        for seed in 1...UInt64(runs) {
            let terms = try infer(table(customers: 500, rowsEach: 2, seed: seed)).effects.flatMap(\.terms)
            for place in 0..<4 {
                found[place].append(try #require(terms[place]).weight)
                errors[place] += try #require(terms[place]).standardError / Double(runs)
            }
        }
        for place in 0..<4 {
            let mean = found[place].reduce(0, +) / Double(runs)
            let variance = found[place].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(runs - 1)
            // The standard deviation of sixty values is known to nine per cent.
            #expect(abs(errors[place] / variance.squareRoot() - 1) < 0.3, "term \(place), seeds 1 to \(runs)")
        }
    }

    @Test func `levels are compared with their mean, and the last one too`() throws {
        let terms = try infer(table(customers: 3_000, rowsEach: 1, seed: 2)).effects[2].terms.compactMap(\.self)
        #expect(terms.map(\.level) == ["a", "b", "c"])
        #expect(abs(terms[1].weight - terms[0].weight - 0.8) < 0.35)
        #expect(abs(terms[2].weight - terms[0].weight + 0.4) < 0.35)
        #expect(abs(terms.map(\.weight).reduce(0, +)) < 0.1)
        #expect(terms.allSatisfy { $0.standardError > 0 && $0.oddsRatioOfDeviation == nil })
    }

    @Test func `odds ratios and p follow from weight and error`() throws {
        let term = WaldTerm(weight: -0.5, standardError: 0.2, deviation: 3)
        #expect(term.z == -2.5)
        #expect(abs(try #require(term.p) - 0.012419330651552318) < 1e-14)
        #expect(abs(term.oddsRatio - 0.6065306597126334) < 1e-14)
        #expect(abs(term.oddsRatioLow * term.oddsRatioHigh - 0.6065306597126334 * 0.6065306597126334) < 1e-14)
        #expect(abs(try #require(term.oddsRatioOfDeviation) - 0.22313016014842982) < 1e-14)
        let expected = [
            (0.1, 0.920344325445942), (1, 0.31731050786291415), (4, 6.334248366623996e-05),
            (10, 1.523970604832094e-23),
        ]
        for (z, p) in expected {
            let found = try #require(WaldTerm(weight: z, standardError: 1).p)
            #expect(abs(found / p - 1) < 1e-12, "\(z): \(found)")
        }
        #expect(WaldTerm(weight: 1, standardError: 0).z == nil)
    }

    @Test func `a refit that cannot be made gives a reason, and the model all the same`() throws {
        let lines = SampleData.lines(rows: 200)
        let flagged = lines.enumerated().map { row, line in
            (row == 0 ? "flag" : line.hasSuffix("yes") && row % 3 == 0 ? "on" : "off") + "," + line
        }
        var settings = TrainingSettings()
        settings.lambda = 1e-3
        let bytes = Array(flagged.joined(separator: "\n").utf8)
        let contents = try Training.train(csv: bytes.span, SampleData.layout, settings).file.contents
        let reason = try #require(contents.inference?.reason)
        #expect(reason.contains("flag"), "\(reason)")
        #expect(contents.inference?.effects.isEmpty == true)
        let few = try infer(table(customers: 5, rowsEach: 30, seed: 6))
        #expect(few.reason == "5 customers are too few for 5 effects" || few.reason?.contains("separates") == true)
    }

    @Test func `what the file says of it is read back`() throws {
        let file = try SampleData.train().file
        let inference = try #require(file.contents.inference)
        #expect(inference.customers == 300 && inference.effects.map(\.feature) == ["visits", "amount", "age", "plan"])
        #expect(try ModelFile(reading: file.bytes).contents.inference == inference)
        let visits = try #require(inference.effects[0].terms[0])
        #expect(try #require(visits.p) < 1e-6 && visits.weight < 0)
        let term = file.summary["inference"]?["effects"]?.elements?[0]["terms"]?.elements?[0]
        #expect(term?["standard_error"]?.number == visits.standardError)
        #expect(
            inference.effects[3].terms.compactMap { $0?.level } == ["basic", "gold", "silver, \"plus\"", "(missing)"])
    }
}
