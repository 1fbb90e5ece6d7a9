/// Rows as a model sees them, column by column: what `FeatureEncoder` made of every raw input.
///
/// A number is itself, a category the index of its weight, and NaN stands for `.nothing`.
package struct EncodedTable: Sendable {
    package let schema: FeatureSchema
    /// One for each feature, all of the same length.
    package let columns: [[Double]]
    package let count: Int

    /// Encodes every row of `table`, whose columns are the features of `schema`.
    ///
    /// - Precondition: the schema was made from this table, so that no row is refused.
    package init(_ table: RawTable, _ schema: FeatureSchema) {
        let encoder = FeatureEncoder(schema)
        var columns = schema.features.map { _ in [Double](repeating: .nan, count: table.count) }
        var row = FeatureRow(count: schema.count)
        for index in 0..<table.count {
            table.load(index, into: &row)
            for feature in 0..<schema.count {
                columns[feature][index] = Self.number(encoder.encode(row, feature))
            }
        }
        self.schema = schema
        self.columns = columns
        count = table.count
    }

    private static func number(_ encoded: FeatureEncoder.Encoded) -> Double {
        switch encoded {
        case .value(let value): value
        case .level(let level): Double(level)
        case .nothing: .nan
        case .refused: preconditionFailure("a row that its own schema refuses")
        }
    }
}
