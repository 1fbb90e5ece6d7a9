/// Logits of rows that the fit behind them did not see.
package struct CrossValidation: Sendable {
    package static let folds = 5

    private let table: EncodedTable
    private let labels: [Bool]
    private let settings: FitSettings
    /// The fold of each row.
    private let folds: [UInt8]
    /// The folds that have rows.
    private let present: [UInt8]
    /// The solution of each fold's fit, where the next one begins.
    private var solutions: [[Double]?]

    /// The fold of each row: that of its customer's first row i, which is i mod 5.
    ///
    /// - Parameter customers: numbered by first appearance.
    package static func folds(of customers: [Int32]) -> [UInt8] {
        var byCustomer = [UInt8](repeating: .max, count: Int(customers.max() ?? -1) + 1)
        return customers.enumerated().map { row, customer in
            if byCustomer[Int(customer)] == .max { byCustomer[Int(customer)] = UInt8(row % folds) }
            return byCustomer[Int(customer)]
        }
    }

    /// - Throws: `oneClassPart` when the rows outside a fold, or all of them, have one class only.
    package init(
        _ table: EncodedTable, labels: [Bool], folds: [UInt8], _ settings: FitSettings = FitSettings()
    ) throws(TrainingError) {
        self.table = table
        self.settings = settings
        self.labels = labels
        self.folds = folds
        present = (0..<UInt8(Self.folds)).filter { folds.contains($0) }
        guard present.count > 1 else { throw .setting("all rows belong to one customer; folds need at least two") }
        solutions = present.map { _ in nil }
        for (place, fold) in present.enumerated() {
            let rows = folds.count { $0 != fold }
            let churned = folds.indices.count { folds[$0] != fold && labels[$0] }
            if churned == 0 || churned == rows {
                throw .oneClassPart(part: "the data without fold \(place + 1)", rows: rows, churned: churned)
            }
        }
    }

    /// The logit of every row, by the fit without its fold.
    package mutating func logits(lambda: Double) throws(TrainingError) -> [Double] {
        var logits = [Double](repeating: 0, count: table.count)
        for (place, fold) in present.enumerated() {
            // Lists of rows are made when they are needed: five of them together would be as large as four columns.
            let fit = try LogisticFit(
                table, labels: labels, rows: rows { $0 != fold }, lambda: lambda, start: solutions[place], settings)
            solutions[place] = fit.solution.parameters
            let held = rows { $0 == fold }
            let values = fit.model(table.schema).logits(table, rows: held)
            for (row, value) in zip(held, values) { logits[Int(row)] = value }
        }
        return logits
    }

    /// The rows whose folds are as `isWanted` says, in a list of just their number.
    private func rows(_ isWanted: (UInt8) -> Bool) -> [Int32] {
        var rows: [Int32] = []
        rows.reserveCapacity(folds.count(where: isWanted))
        for row in folds.indices where isWanted(folds[row]) { rows.append(Int32(row)) }
        return rows
    }
}

extension LogisticFit {
    /// The fit as a model, for the sake of its logits.
    package func model(_ schema: FeatureSchema) -> LogisticModel {
        LogisticModel(schema: schema, parameters: parameters, threshold: Threshold(rule: .half, value: 0.5))
    }
}
