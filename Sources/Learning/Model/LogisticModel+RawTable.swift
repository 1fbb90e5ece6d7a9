/// A table lacks what a model needs.
package struct TableMismatch: Error, Equatable, Sendable, CustomStringConvertible {
    package let column: String
    package let description: String
}

extension LogisticModel {
    /// The probabilities of `rows` of any table that has the model's features among its columns, by name.
    ///
    /// Each row is scored as a request is. NaN stands where the model refuses the row or it leaves the range of Double.
    package func probabilities(
        of table: RawTable, rows: [Int32]
    ) throws(TableMismatch) -> [Double] {
        var sources: [Source] = []
        for (feature, description) in schema.features.enumerated() {
            sources.append(try source(feature, description, table))
        }
        var row = FeatureRow(count: schema.count)
        return rows.map { index in
            for (feature, source) in sources.enumerated() { source.load(Int(index), feature, into: &row) }
            return score(&row) == .scored ? row.probability : .nan
        }
    }

    /// Where the inputs of a feature come from.
    private enum Source {
        case numbers([Double])
        /// Levels as the table numbers them, and the model's number of each, -1 for one that it never saw.
        case levels([Int32], known: [Int])

        func load(_ index: Int, _ feature: Int, into row: inout FeatureRow) {
            switch self {
            case .numbers(let numbers):
                if numbers[index].isNaN { row.setMissing(feature) } else { row.setNumber(feature, numbers[index]) }
            case .levels(let levels, let known):
                let level = Int(levels[index])
                if level < 0 { return row.setMissing(feature) }
                if known[level] < 0 { row.setUnseen(feature) } else { row.setLevel(feature, known[level]) }
            }
        }
    }

    private func source(
        _ feature: Int, _ description: Feature, _ table: RawTable
    ) throws(TableMismatch) -> Source {
        let name = description.name
        guard let column = table.columns.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
            throw TableMismatch(column: name, description: "there is no column \(name), which the model needs")
        }
        switch (column.values, description.isCategory) {
        case (.numbers(let numbers), false): return .numbers(numbers)
        case (.levels(let levels, let names), true):
            let known = names.map { schema.index(ofLevel: Array($0.utf8).span, feature: feature) ?? -1 }
            return .levels(levels, known: known)
        case (.numbers, true):
            throw TableMismatch(column: name, description: "column \(name) holds numbers, the model takes its levels")
        case (.levels, false):
            throw TableMismatch(column: name, description: "column \(name) holds text, the model takes numbers")
        }
    }
}
