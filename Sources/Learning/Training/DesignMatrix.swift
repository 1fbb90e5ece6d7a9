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
    private let rows: RowSelection
    private let outcomes: [Double]
    private let weights: [Double]?
    /// What the weights of the rows add up to, and those of the churners.
    package let weightSum: Double
    private let churnedSum: Double
    package let standardizer: Standardizer
    /// The columns that vary, in schema order, without the intercept.
    package let columns: [Column]

    /// - Parameters:
    ///   - labels: one for each row of the table.
    ///   - rows: which rows of the table to use; at least one.
    ///   - weights: how much each row of the table counts, above 0; nil for all alike.
    package init(
        _ table: EncodedTable, labels: [Bool], rows: [Int32], weights: [Double]? = nil, runner: LoopRunner = .serial
    ) {
        self.table = table
        let selection = RowSelection(rows)
        self.rows = selection
        outcomes = selection.values(labels).map { $0 ? 1 : 0 }
        self.weights = weights.map { selection.values($0) }
        if let weights = self.weights {
            weightSum = weights.reduce(0, +)
            churnedSum = zip(weights, outcomes).reduce(0) { $0 + $1.0 * $1.1 }
        } else {
            weightSum = Double(rows.count)
            churnedSum = outcomes.reduce(0, +)
        }
        standardizer = Standardizer(table, selection, runner)
        columns = Self.columns(table.schema, standardizer)
    }

    private static func columns(_ schema: FeatureSchema, _ standardizer: Standardizer) -> [Column] {
        var columns: [Column] = []
        var place = 0
        for (index, feature) in schema.features.enumerated() {
            for level in 0..<feature.columnCount {
                if standardizer.scales[place] > 0 {
                    columns.append(Column(feature: index, level: feature.isCategory ? level : nil, place: place))
                }
                place += 1
            }
        }
        return columns
    }

    private init(_ other: DesignMatrix, columns: [Column]) {
        table = other.table
        rows = other.rows
        outcomes = other.outcomes
        weights = other.weights
        weightSum = other.weightSum
        churnedSum = other.churnedSum
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
    /// The weighted share of the churners.
    package var churnShare: Double { churnedSum / weightSum }
    package var schema: FeatureSchema { table.schema }

    /// Fills `tile` with the rows from `Tile.rows` · `index` on.
    func fill(_ tile: inout Tile, _ index: Int) {
        let first = index * Tile.rows
        tile.count = min(Tile.rows, rows.count - first)
        tile.fillRows(outcomes, weights, from: first)
        var featureRead = -1
        for (position, column) in columns.enumerated() {
            let mean = standardizer.means[column.place]
            let factor = 1 / standardizer.scales[column.place]
            switch table.columns[column.feature] {
            case .numbers(let numbers):
                tile.fill(position, numbers, rows, from: first, mean: mean, factor: factor)
            case .levels(let levels):
                if column.feature != featureRead { tile.readLevels(levels, rows, from: first) }
                featureRead = column.feature
                tile.fillIndicator(position, level: Int32(column.level ?? 0), mean: mean, factor: factor)
            }
        }
    }
}
