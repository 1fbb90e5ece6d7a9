package import Learning

/// The rows that judged a model: their raw inputs, what became of them, and what the model said.
package struct ReportRows: Sendable {
    package let labels: [Bool]
    package let probabilities: [Double]
    /// How many customers the rows belong to.
    package let customers: Int
    /// One for each feature of the model, nil where the table has no such column.
    private let columns: [RawColumn?]
    private let places: [Int32]

    /// - Parameters:
    ///   - table: its columns are found by name.
    ///   - rows: which of its rows judged; nil for all.
    ///   - probabilities: one for each of these rows.
    package init(_ table: RawTable, rows: [Int32]? = nil, features: [Feature], probabilities: [Double]) {
        places = rows ?? Array(0..<Int32(table.count))
        precondition(probabilities.count == places.count, "a probability for each row")
        labels = places.map { table.labels[Int($0)] }
        customers = Set(places.map { table.customers[Int($0)] }).count
        columns = features.map { feature in table.columns.first { $0.name == feature.name } }
        self.probabilities = probabilities
    }

    package var count: Int { places.count }
    package var churned: Int { labels.count { $0 } }

    /// The values of the number at `feature`, NaN where there is none.
    package func numbers(_ feature: Int) -> [Double] {
        guard case .numbers(let numbers) = columns[feature]?.values else { return places.map { _ in .nan } }
        return places.map { numbers[Int($0)] }
    }

    /// The levels of the category at `feature`, nil where there is none.
    package func levels(_ feature: Int) -> [String?] {
        guard case .levels(let levels, let names) = columns[feature]?.values else { return places.map { _ in nil } }
        return places.map { levels[Int($0)] < 0 ? nil : names[Int(levels[Int($0)])] }
    }
}
