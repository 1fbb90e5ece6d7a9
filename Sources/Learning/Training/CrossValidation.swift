/// Logits of rows that the fit behind them did not see.
package struct CrossValidation: Sendable {
    package static let folds = 5

    private let table: EncodedTable
    private let labels: [Bool]
    private let settings: FitSettings
    private let training: [[Int32]]
    private let held: [[Int32]]
    /// The solution of each fold's fit, where the next one begins.
    private var solutions: [[Double]?]

    /// The fold of each row: that of its customer's first row i, which is i mod 5.
    package static func folds(of customers: [Int32]) -> [Int] {
        var byCustomer: [Int32: Int] = [:]
        return customers.enumerated().map { row, customer in
            if let fold = byCustomer[customer] { return fold }
            byCustomer[customer] = row % folds
            return row % folds
        }
    }

    /// - Throws: `oneClassPart` when the rows outside a fold, or all of them, have one class only.
    package init(
        _ table: EncodedTable, labels: [Bool], folds: [Int], _ settings: FitSettings = FitSettings()
    ) throws(TrainingError) {
        self.table = table
        self.settings = settings
        self.labels = labels
        let present = (0..<Self.folds).filter { folds.contains($0) }
        guard present.count > 1 else { throw .setting("all rows belong to one customer; folds need at least two") }
        training = present.map { fold in folds.indices.filter { folds[$0] != fold }.map(Int32.init) }
        held = present.map { fold in folds.indices.filter { folds[$0] == fold }.map(Int32.init) }
        solutions = present.map { _ in nil }
        for (fold, rows) in training.enumerated() {
            let churned = rows.count { labels[Int($0)] }
            if churned == 0 || churned == rows.count {
                throw .oneClassPart(part: "the data without fold \(fold + 1)", rows: rows.count, churned: churned)
            }
        }
    }

    /// The logit of every row, by the fit without its fold.
    package mutating func logits(lambda: Double) throws(TrainingError) -> [Double] {
        var logits = [Double](repeating: 0, count: table.count)
        for fold in training.indices {
            let fit = try LogisticFit(
                table, labels: labels, rows: training[fold], lambda: lambda, start: solutions[fold], settings)
            solutions[fold] = fit.solution.parameters
            let values = fit.model(table.schema).logits(table, rows: held[fold])
            for (row, value) in zip(held[fold], values) { logits[Int(row)] = value }
        }
        return logits
    }
}

extension LogisticFit {
    /// The fit as a model, for the sake of its logits.
    package func model(_ schema: FeatureSchema) -> LogisticModel {
        LogisticModel(schema: schema, parameters: parameters, threshold: Threshold(rule: .half, value: 0.5))
    }
}
