/// Training data as it was read: columns, what became of each row, and whose row it is.
package struct RawTable: Sendable {
    package var columns: [RawColumn]
    /// True where the customer left.
    package var labels: [Bool]
    /// The same number for the rows of one customer, by first appearance.
    package var customers: [Int32]
    /// The line of the file on which each row starts; empty when there is no file.
    package var lines: [Int]

    package init(columns: [RawColumn], labels: [Bool], customers: [Int32], lines: [Int] = []) {
        self.columns = columns
        self.labels = labels
        self.customers = customers
        self.lines = lines
    }

    package var count: Int { labels.count }
    package var churned: Int { labels.count { $0 } }
    package var customerCount: Int { Int(customers.max() ?? -1) + 1 }

    /// Puts row `index` into `row`, whose features are the columns.
    package func load(_ index: Int, into row: inout FeatureRow) {
        for (feature, column) in columns.enumerated() {
            switch column.values {
            case .numbers(let numbers):
                let value = numbers[index]
                if value.isNaN { row.setMissing(feature) } else { row.setNumber(feature, value) }
            case .levels(let levels, _):
                let level = levels[index]
                if level < 0 { row.setMissing(feature) } else { row.setLevel(feature, Int(level)) }
            }
        }
    }
}
