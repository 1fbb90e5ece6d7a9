import Learning
import TestSupport
import Testing

struct ElasticNetTests {
    private let encoded: EncodedTable
    private let table: RawTable
    private let rows: [Int32]

    init() throws {
        (encoded, table) = try SampleData.encoded(rows: 700)
        rows = Array(0..<700)
    }

    private func fit(_ lambda: Double, _ ratio: Double) throws -> LogisticFit {
        var settings = FitSettings()
        settings.l1Ratio = ratio
        return try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: lambda, settings)
    }

    /// The slope of the mean loss for each parameter at the solution.
    private func slopes(_ fit: LogisticFit) -> [Double] {
        let design = DesignMatrix(encoded, labels: table.labels, rows: rows)
        return Objective(design, lambda: 0).evaluate(fit.solution.parameters).gradient
    }

    /// With g the slope of the mean loss: g + λ(1-ρ) w + λρ sign(w) = 0, or |g| <= λρ where w is 0; the intercept is free.
    @Test(arguments: [1e-3, 1e-2, 0.1], [0.2, 0.5, 1]) func `the solution meets the conditions of a minimum`(
        lambda: Double, ratio: Double
    ) throws {
        let fit = try fit(lambda, ratio)
        let slopes = slopes(fit)
        let parameters = fit.solution.parameters
        #expect(abs(slopes[parameters.count - 1]) < 1e-9)
        for (slope, weight) in zip(slopes, parameters).dropLast() {
            if weight == 0 {
                #expect(abs(slope) <= lambda * ratio + 1e-9)
            } else {
                let sign = weight > 0 ? 1.0 : -1
                #expect(abs(slope + lambda * (1 - ratio) * weight + lambda * ratio * sign) < 1e-9)
            }
        }
        #expect(fit.solution.gradient < 1e-9)
    }

    @Test func `a share of 0 is the ridge, and the weights go there as the share does`() throws {
        let ridge = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: 1e-2)
        #expect(try fit(1e-2, 0).parameters == ridge.parameters)
        let near = try fit(1e-2, 1e-9)
        for (a, b) in zip(near.solution.parameters, ridge.solution.parameters) { #expect(abs(a - b) < 1e-6) }
    }

    @Test func `a strong penalty leaves the share of the churners alone`() throws {
        let fit = try fit(10, 1)
        #expect(fit.solution.parameters.dropLast().allSatisfy { $0 == 0 })
        let churned = Double(table.churned) / Double(table.count)
        #expect(abs(LogisticModel.probability(fit.parameters.intercept) - churned) < 1e-12)
        #expect(fit.unused.allSatisfy { $0 == "penalised to zero" })
    }

    @Test func `two equal columns do not stop it`() throws {
        let schema = FeatureSchema([
            Feature(name: "a", kind: .number(nil), missing: .refuse),
            Feature(name: "b", kind: .number(nil), missing: .refuse),
        ])
        var generator = SeededGenerator(seed: 5)
        let values = (0..<400).map { _ in Double.random(in: -1...1, using: &generator) }
        let labels = values.map { Double.random(in: 0..<1, using: &generator) < LogisticModel.probability(2 * $0) }
        let twice = EncodedTable(schema, [.numbers(values), .numbers(values)])
        var settings = FitSettings()
        settings.l1Ratio = 1
        let fit = try LogisticFit(twice, labels: labels, rows: Array(0..<400), lambda: 1e-2, settings)
        #expect(fit.solution.gradient < 1e-8)
    }
}
