import JSON
import Learning
import Testing

@Suite(.disabled(if: ReferenceData.isMissing, "the folder shared/data is not beside the package"))
struct TelcoTests {
    private let bytes: [UInt8]
    private let reference: JSONValue

    init() throws {
        bytes = try #require(ReferenceData.bytes("telco.csv"))
        let text = try #require(ReferenceData.bytes("telco_reference.json"))
        reference = try JSONValue(parsing: text.span)
    }

    private func numericSettings(lambda: Double) -> (CSVLayout, TrainingSettings) {
        let features = reference["features"]?.elements?.compactMap(\.string)
        var settings = TrainingSettings()
        settings.schema.missing["TotalCharges"] = .zero
        settings.lambda = lambda
        return (CSVLayout(label: "Churn", positive: "Yes", id: "customerID", features: features), settings)
    }

    @Test func `four numeric columns give the weights of the unpenalised reference`() throws {
        let expected = try #require(reference["unpenalised"])
        let (layout, settings) = numericSettings(lambda: 0)
        let result = try Training.train(csv: bytes.span, layout, settings)
        let parameters = result.file.contents.parameters
        let weights = (expected["weights"]?.elements ?? []).compactMap(\.number)
        #expect(weights.count == 4)
        for (effect, weight) in zip(parameters.effects, weights) {
            guard case .number(let found, _) = effect else { throw NotANumber() }
            #expect(abs(found - weight) <= 1e-6 * abs(weight))
        }
        let intercept = try #require(expected["intercept"]?.number)
        #expect(abs(parameters.intercept - intercept) <= 1e-6 * abs(intercept))

        let table = try RawTable(csv: bytes.span, layout)
        let encoded = EncodedTable(table, result.file.model.schema)
        let rows = Array(0..<Int32(table.count))
        let probabilities = result.file.model.probabilities(encoded, rows: rows)
        let loss = try #require(Measures.logLoss(probabilities, table.labels))
        let expectedLoss = try #require(expected["log_loss"]?.number)
        #expect(abs(loss - expectedLoss) < 1e-9)
        let auc = try #require(Quality(probabilities, table.labels, threshold: 0.5).auc)
        let expectedAUC = try #require(expected["auc"]?.number)
        #expect(abs(auc - expectedAUC) < 1e-9)
        let outOfFold = try #require(result.file.contents.quality.auc)
        #expect(abs(outOfFold - 0.8125) < 0.0005)
    }

    @Test func `a penalty of 1 by n gives the standardised weights of the reference with C = 1`() throws {
        let expected = try #require(reference["l2_C1_standardised"])
        let (layout, settings) = numericSettings(lambda: 1.0 / 7043)
        let result = try Training.train(csv: bytes.span, layout, settings)
        let weights = (expected["weights"]?.elements ?? []).compactMap(\.number)
        for (found, weight) in zip(result.standardised, weights) { #expect(abs(found[0] - weight) < 1e-6) }
    }

    @Test func `all columns reach the known area under the curve out of fold`() throws {
        var settings = TrainingSettings()
        settings.lambda = 1e-4
        let layout = CSVLayout(label: "Churn", positive: "Yes", id: "customerID")
        let result = try Training.train(csv: bytes.span, layout, settings)
        let auc = try #require(result.file.contents.quality.auc)
        #expect(abs(auc - 0.8453) < 0.0005)
    }

    @Test func `every row alone gives the bits of the batch, and contributions that add up to its logit`() throws {
        var settings = TrainingSettings()
        settings.lambda = 1e-3
        let layout = CSVLayout(label: "Churn", positive: "Yes", id: "customerID")
        let table = try RawTable(csv: bytes.span, layout)
        let encoded = EncodedTable(table, try table.schema(settings.schema))
        let rows = Array(0..<Int32(table.count))
        let fit = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: 1e-3)
        let model = fit.model(encoded.schema)
        let probabilities = model.probabilities(encoded, rows: rows)
        var row = FeatureRow(count: model.schema.count)
        var faults = 0
        for index in 0..<table.count {
            row.reset()
            table.load(index, into: &row)
            guard model.score(&row) == .scored else { throw NotANumber() }
            if row.probability != probabilities[index] { faults += 1 }
            var sum = 0.0
            for feature in 0..<row.count { sum += row.contribution(feature) }
            if abs(sum + model.base - row.logit) > 1e-12 { faults += 1 }
        }
        #expect(faults == 0)
    }

    private struct NotANumber: Error {}
}
