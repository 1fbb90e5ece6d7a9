/// The means and scales that bring columns to mean 0 and variance 1, learnt from training rows only.
///
/// A row for which a feature is `.nothing` counts as standing at the mean.
package struct Standardizer: Sendable, Equatable {
    /// One for each design column: a number, or the indicator of a level.
    package var means: [Double] = []
    /// The population standard deviation; 0 for a column that is the same in all rows.
    package var scales: [Double] = []

    package init(_ table: EncodedTable, rows: [Int32]) {
        for (feature, column) in zip(table.schema.features, table.columns) {
            if feature.isCategory {
                appendLevels(column, rows, feature.columnCount)
            } else {
                appendNumber(column, rows)
            }
        }
    }

    private mutating func appendNumber(_ column: [Double], _ rows: [Int32]) {
        var sum = 0.0
        var count = 0
        var low = Double.infinity
        var high = -Double.infinity
        for row in rows {
            let value = column[Int(row)]
            if value.isNaN { continue }
            sum += value
            count += 1
            low = min(low, value)
            high = max(high, value)
        }
        // The column itself, not its rounded mean, says whether it is constant.
        guard low < high else {
            means.append(count > 0 ? low : 0)
            scales.append(0)
            return
        }
        let mean = sum / Double(count)
        var squares = 0.0
        for row in rows {
            let deviation = column[Int(row)] - mean
            if !deviation.isNaN { squares += deviation * deviation }
        }
        means.append(mean)
        scales.append((squares / Double(rows.count)).squareRoot())
    }

    private mutating func appendLevels(_ column: [Double], _ rows: [Int32], _ levels: Int) {
        var counts = [Int](repeating: 0, count: levels)
        var known = 0
        for row in rows where !column[Int(row)].isNaN {
            counts[Int(column[Int(row)])] += 1
            known += 1
        }
        for count in counts {
            let share = known > 0 ? Double(count) / Double(known) : 0
            means.append(share)
            scales.append((share * (1 - share) * Double(known) / Double(rows.count)).squareRoot())
        }
    }
}
