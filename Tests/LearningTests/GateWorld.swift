import Learning
import TestSupport

/// Made-up customers with three features that say when they leave, and models fitted to them.
struct GateWorld {
    private var generator: SeededGenerator
    /// The true weights of the three features.
    var weights = [0.8, -0.5, 0.6]

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// Evenly between two numbers whose variance is 1.
    private mutating func draw() -> Double { Double.random(in: -1.7320508...1.7320508, using: &generator) }

    mutating func customers(_ count: Int) -> RawTable {
        var columns = weights.map { _ in [Double]() }
        var labels: [Bool] = []
        for _ in 0..<count {
            var logit = -0.3
            for feature in weights.indices {
                let value = draw()
                columns[feature].append(value)
                logit += weights[feature] * value
            }
            labels.append(Double.random(in: 0..<1, using: &generator) < LogisticModel.probability(logit))
        }
        return RawTable(
            columns: columns.enumerated().map { RawColumn(name: "x\($0)", values: .numbers($1)) }, labels: labels,
            customers: Array(0..<Int32(count)))
    }

    /// The probabilities of `judged` by a fit to `trained` on the first `features` features.
    static func probabilities(_ judged: RawTable, fittedTo trained: RawTable, features: Int = 3) throws -> [Double] {
        func encoded(_ table: RawTable) throws -> EncodedTable {
            var table = table
            table.columns = Array(table.columns.prefix(features))
            return EncodedTable(table, try table.schema(SchemaSettings()))
        }
        let table = try encoded(trained)
        let fit = try LogisticFit(
            table, labels: trained.labels, rows: Array(0..<Int32(trained.count)), lambda: 1e-3)
        return fit.model(table.schema).probabilities(try encoded(judged), rows: Array(0..<Int32(judged.count)))
    }
}
