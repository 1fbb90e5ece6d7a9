import Learning
import Testing

struct WeightedFitTests {
    private let encoded: EncodedTable
    private let table: RawTable

    init() throws { (encoded, table) = try SampleData.encoded(rows: 600) }

    @Test func `a row that counts twice is the row twice`() throws {
        // Columns without missing values, whose mean is learnt from rows, not from weights; and no penalty, for which the
        // scale of the columns would matter.
        var layout = SampleData.layout
        layout.features = ["visits", "age"]
        let table = try RawTable(csv: SampleData.csv(rows: 600).span, layout)
        let encoded = EncodedTable(table, try table.schema(SchemaSettings()))
        let rows = Array(0..<Int32(600))
        var settings = FitSettings()
        settings.sampleWeights = rows.map { $0 % 3 == 0 ? 2 : 1 }
        let weighted = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: 0, settings)
        let twice = try LogisticFit(
            encoded, labels: table.labels, rows: rows + rows.filter { $0 % 3 == 0 }, lambda: 0)
        #expect(abs(weighted.parameters.intercept - twice.parameters.intercept) < 1e-9)
        for (a, b) in zip(weighted.parameters.effects, twice.parameters.effects) {
            guard case (.number(let left, _), .number(let right, _)) = (a, b) else {
                Issue.record("both are numbers")
                return
            }
            #expect(abs(left - right) < 1e-9)
        }
    }

    @Test func `balanced classes weigh the same in all`() throws {
        let rows = Array(0..<Int32(600))
        var settings = FitSettings()
        settings.classWeight = .balanced
        let balanced = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: 1e-2, settings)
        let churned = Double(table.churned)
        var weights = FitSettings()
        weights.sampleWeights = table.labels.map { $0 ? 600 / (2 * churned) : 600 / (2 * (600 - churned)) }
        let same = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: 1e-2, weights)
        #expect(balanced.parameters == same.parameters)
        // The mean of the probabilities, weighted, is that of the labels: one half.
        let design = DesignMatrix(encoded, labels: table.labels, rows: rows, weights: weights.sampleWeights)
        #expect(abs(design.churnShare - 0.5) < 1e-12)
        #expect(abs(design.weightSum - 600) < 1e-9)
    }

    @Test func `rows out of order and rows in a stretch give the same`() throws {
        let stretch = try LogisticFit(encoded, labels: table.labels, rows: Array(100..<500), lambda: 1e-2)
        var rows = Array<Int32>(100..<500)
        rows.swapAt(0, 399)
        let picked = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: 1e-2)
        for (a, b) in zip(stretch.solution.parameters, picked.solution.parameters) { #expect(abs(a - b) < 1e-12) }
    }
}
