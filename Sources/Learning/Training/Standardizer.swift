/// The means and scales that bring columns to mean 0 and variance 1, learnt from training rows only.
///
/// A row for which a feature is `.nothing` counts as standing at the mean.
package struct Standardizer: Sendable, Equatable {
    /// One for each design column: a number, or the indicator of a level.
    package var means: [Double] = []
    /// The population standard deviation; 0 for a column that is the same in all rows.
    package var scales: [Double] = []

    init(_ table: EncodedTable, _ rows: RowSelection, _ runner: LoopRunner) {
        let parts = runner.map(count: table.schema.count) { feature in
            switch table.columns[feature] {
            case .numbers(let numbers): Self.number(numbers, rows)
            case .levels(let levels): Self.levels(levels, rows, table.schema.features[feature].columnCount)
            }
        }
        for part in parts {
            means += part.means
            scales += part.scales
        }
    }

    private typealias Part = (means: [Double], scales: [Double])

    private static func number(_ column: [Double], _ rows: RowSelection) -> Part {
        let moments = ColumnMoments(column, rows)
        // The column itself, not its rounded mean, says whether it is constant.
        guard moments.lowest < moments.highest else { return ([moments.count > 0 ? moments.lowest : 0], [0]) }
        return ([moments.mean], [(moments.squares / Double(rows.count)).squareRoot()])
    }

    private static func levels(_ column: [Int32], _ rows: RowSelection, _ levels: Int) -> Part {
        var counts = [Int](repeating: 0, count: levels)
        var known = 0
        for level in rows.values(column) where level >= 0 {
            counts[Int(level)] += 1
            known += 1
        }
        let shares = counts.map { known > 0 ? Double($0) / Double(known) : 0 }
        return (
            shares, shares.map { ($0 * (1 - $0) * Double(known) / Double(rows.count)).squareRoot() }
        )
    }
}
