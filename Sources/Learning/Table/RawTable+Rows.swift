extension RawTable {
    /// The counts of `rows`.
    package func part(_ rows: [Int32], dates: [String] = []) -> Split.Part {
        Split.Part(
            dates: dates, rows: rows.count, customers: Self.customerCount(customers, rows),
            churned: rows.count { labels[Int($0)] })
    }

    /// How many customers `rows` belong to.
    static func customerCount(_ customers: [Int32], _ rows: [Int32]) -> Int {
        var isPresent = [Bool](repeating: false, count: Int(customers.max() ?? -1) + 1)
        for row in rows { isPresent[Int(customers[Int(row)])] = true }
        return isPresent.count { $0 }
    }

    /// The last of each customer's rows, so that no customer counts twice in a comparison.
    package func lastRows() -> [Int32] {
        var last = [Int32](repeating: -1, count: customerCount)
        for (row, customer) in customers.enumerated() { last[Int(customer)] = Int32(row) }
        return last.filter { $0 >= 0 }.sorted()
    }

    /// The numbers of the column `name`; nil when there is none, or it is no number.
    package func numbers(_ name: String) -> [Double]? {
        for column in columns where column.name == name {
            if case .numbers(let numbers) = column.values { return numbers }
        }
        return nil
    }
}
