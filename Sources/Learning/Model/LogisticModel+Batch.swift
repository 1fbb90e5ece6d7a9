extension LogisticModel {
    /// The logits of `rows` of `table`: across rows, feature by feature, each row summed in the order of `score`.
    ///
    /// - Parameter rows: indices into the table.
    package func logits(_ table: EncodedTable, rows: [Int32]) -> [Double] {
        precondition(table.columns.count == terms.count, "a table of another schema")
        var logits = [Double](repeating: base, count: rows.count)
        for (feature, term) in terms.enumerated() {
            let column = table.columns[feature]
            for (place, row) in rows.enumerated() {
                let value = column[Int(row)]
                if value.isNaN { continue }
                logits[place] +=
                    term.levels < 0 ? term.weight * (value - term.mean) : levelContributions[term.levels + Int(value)]
            }
        }
        return logits
    }

    /// The probabilities of `rows` of `table`, bit for bit those of `score`.
    package func probabilities(_ table: EncodedTable, rows: [Int32]) -> [Double] {
        logits(table, rows: rows).map(Self.probability)
    }
}
