/// The standardised design of some rows of a table, handed out in tiles, with the intercept as a last column of ones.
///
/// Nothing but the table itself is kept in memory: a tile is made when it is needed. Tiles and their order do not
/// depend on who computes them.
package struct DesignMatrix: Sendable {
    /// Where a column comes from.
    package struct Column: Sendable, Equatable {
        package let feature: Int
        /// The level whose indicator it is; nil for a number.
        package let level: Int?
        /// Its place in the standardizer, which also knows the columns left out.
        package let place: Int
    }

    private let table: EncodedTable
    private let rows: [Int32]
    private let outcomes: [Double]
    package let standardizer: Standardizer
    /// The columns that vary, in schema order, without the intercept.
    package let columns: [Column]

    /// - Parameters:
    ///   - labels: one for each row of the table.
    ///   - rows: which rows of the table to use; at least one.
    package init(_ table: EncodedTable, labels: [Bool], rows: [Int32]) {
        self.table = table
        self.rows = rows
        outcomes = rows.map { labels[Int($0)] ? 1 : 0 }
        standardizer = Standardizer(table, rows: rows)
        var columns: [Column] = []
        var place = 0
        for (index, feature) in table.schema.features.enumerated() {
            for level in 0..<feature.columnCount {
                if standardizer.scales[place] > 0 {
                    columns.append(Column(feature: index, level: feature.isCategory ? level : nil, place: place))
                }
                place += 1
            }
        }
        self.columns = columns
    }

    private init(_ other: DesignMatrix, columns: [Column]) {
        table = other.table
        rows = other.rows
        outcomes = other.outcomes
        standardizer = other.standardizer
        self.columns = columns
    }

    /// The same rows without the columns at `dropped`.
    package func removing(_ dropped: Set<Int>) -> DesignMatrix {
        DesignMatrix(self, columns: columns.indices.filter { !dropped.contains($0) }.map { columns[$0] })
    }

    package var rowCount: Int { rows.count }
    /// The number of columns with the intercept.
    package var width: Int { columns.count + 1 }
    package var tileCount: Int { (rows.count + Tile.rows - 1) / Tile.rows }
    package var churnShare: Double { outcomes.reduce(0, +) / Double(outcomes.count) }
    package var schema: FeatureSchema { table.schema }

    /// Fills `tile` with the rows from 256 · `index` on.
    func fill(_ tile: inout Tile, _ index: Int) {
        let first = index * Tile.rows
        tile.count = min(Tile.rows, rows.count - first)
        for place in 0..<tile.count { tile.setOutcome(place, outcomes[first + place]) }
        for (position, column) in columns.enumerated() {
            let mean = standardizer.means[column.place]
            let factor = 1 / standardizer.scales[column.place]
            let level = column.level.map(Double.init)
            let values = table.columns[column.feature]
            for place in 0..<tile.count {
                var value = values[Int(rows[first + place])]
                if let level, !value.isNaN { value = value == level ? 1 : 0 }
                tile.set(position, place, value.isNaN ? 0 : (value - mean) * factor)
            }
            for place in tile.count..<Tile.rows { tile.set(position, place, 0) }
        }
    }
}
