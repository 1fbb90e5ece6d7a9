/// Rows as a model sees them, column by column: what `FeatureEncoder` makes of every raw input.
package struct EncodedTable: Sendable {
    /// The encoded inputs of one feature.
    package enum Column: Sendable {
        /// NaN stands for `.nothing`.
        case numbers([Double])
        /// Indices of the weights of a category; -1 stands for `.nothing`.
        case levels([Int32])

        package var count: Int {
            switch self {
            case .numbers(let numbers): numbers.count
            case .levels(let levels): levels.count
            }
        }

        /// The number in a row, or the indicator of a level; NaN where there is nothing.
        func value(_ row: Int, level: Int?) -> Double {
            switch self {
            case .numbers(let numbers): numbers[row]
            case .levels(let levels): levels[row] < 0 ? .nan : Int(levels[row]) == level ? 1 : 0
            }
        }
    }

    package let schema: FeatureSchema
    /// One for each feature, all of the same length.
    package let columns: [Column]
    package let count: Int

    /// - Parameter columns: numbers or levels as `schema` has them.
    package init(_ schema: FeatureSchema, _ columns: [Column]) {
        precondition(columns.count == schema.count, "one column for each feature")
        count = columns[0].count
        precondition(columns.allSatisfy { $0.count == columns[0].count }, "columns of different lengths")
        self.schema = schema
        self.columns = columns
    }

    /// Encodes every row of `table`, whose columns are the features of `schema`.
    ///
    /// A given value stands for itself, so only what a missing one stands for has to be asked; a column without missing
    /// values is shared with `table`, not copied.
    /// - Precondition: the schema was made from this table, so that no row is refused.
    package init(_ table: RawTable, _ schema: FeatureSchema) {
        let encoder = FeatureEncoder(schema)
        self.init(
            schema,
            table.columns.enumerated().map { feature, column in Self.encode(column, encoder.missing(feature)) })
    }

    private static func encode(_ column: RawColumn, _ missing: FeatureEncoder.Encoded) -> Column {
        switch (column.values, missing) {
        case (.numbers(let numbers), .value(let value)):
            column.firstMissing == nil ? .numbers(numbers) : .numbers(numbers.map { $0.isNaN ? value : $0 })
        case (.numbers(let numbers), .nothing): .numbers(numbers)
        case (.levels(let levels, _), .level(let level)):
            column.firstMissing == nil ? .levels(levels) : .levels(levels.map { $0 < 0 ? Int32(level) : $0 })
        case (.levels(let levels, _), .nothing): .levels(levels)
        case (_, .refused): column.withoutMissing
        default: preconditionFailure("column \(column.name) does not fit its schema")
        }
    }
}

extension RawColumn {
    fileprivate var withoutMissing: EncodedTable.Column {
        precondition(firstMissing == nil, "column \(name) has a row that its own schema refuses")
        switch values {
        case .numbers(let numbers): return .numbers(numbers)
        case .levels(let levels, _): return .levels(levels)
        }
    }
}
