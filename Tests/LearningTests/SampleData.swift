import Learning
import TestSupport

/// Made-up customers: three numbers (one sometimes missing), a category (sometimes missing) and an outcome.
enum SampleData {
    static let layout = CSVLayout(label: "left", positive: "yes", id: "id")

    static func csv(rows: Int, seed: UInt64 = 7) -> [UInt8] {
        lines(rows: rows, seed: seed).joined(separator: "\n").utf8 + [0x0A]
    }

    /// The header and one line for each row.
    static func lines(rows: Int, seed: UInt64 = 7) -> [String] {
        var generator = SeededGenerator(seed: seed)
        var lines = ["id,visits,amount,age,plan,left"]
        for row in 0..<rows {
            let visits = Int.random(in: 0...20, using: &generator)
            let amount = Double(Int.random(in: 100...9_999, using: &generator)) / 100
            let age = Int.random(in: 18...80, using: &generator)
            let plan = ["basic", "gold", "\"silver, \"\"plus\"\"\"", ""].randomElement(using: &generator) ?? ""
            let score = 1 - 0.25 * Double(visits) + 0.01 * amount + (plan == "gold" ? -1 : 0.5)
            let isLeaving = Double.random(in: 0..<1, using: &generator) < LogisticModel.probability(score)
            let amountText = row % 9 == 4 ? "" : "\(amount)"
            lines.append("c\(row),\(visits),\(amountText),\(age),\(plan),\(isLeaving ? "yes" : "no")")
        }
        return lines
    }

    static func train(rows: Int = 300, lambda: Double? = 1e-3) throws -> TrainingResult {
        var settings = TrainingSettings()
        settings.lambda = lambda
        return try Training.train(csv: csv(rows: rows).span, layout, settings)
    }

    static func encoded(rows: Int) throws -> (EncodedTable, RawTable) {
        let table = try RawTable(csv: csv(rows: rows).span, layout)
        return (EncodedTable(table, try table.schema(SchemaSettings())), table)
    }
}
