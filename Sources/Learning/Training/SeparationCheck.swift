/// What can be said of separable data before a fit.
package enum SeparationCheck {
    /// Columns that tell the classes apart on their own.
    package struct Finding: Sendable, Equatable {
        /// `plan = gold (all 12 rows churned)`.
        package let text: String
    }

    /// Levels all of whose rows have one class, and numbers whose classes do not overlap.
    package static func findings(_ table: EncodedTable, labels: [Bool], rows: [Int32]) -> [Finding] {
        var findings: [Finding] = []
        for (feature, column) in zip(table.schema.features, table.columns) {
            switch column {
            case .levels(let values): findings += levels(feature, values, labels, rows)
            case .numbers(let values):
                if let finding = number(feature, values, labels, rows) { findings.append(finding) }
            }
        }
        return findings
    }

    private static func levels(
        _ feature: Feature, _ column: [Int32], _ labels: [Bool], _ rows: [Int32]
    ) -> [Finding] {
        var counts = [Int](repeating: 0, count: feature.columnCount)
        var churned = counts
        for row in rows where column[Int(row)] >= 0 {
            let level = Int(column[Int(row)])
            counts[level] += 1
            if labels[Int(row)] { churned[level] += 1 }
        }
        return counts.indices.compactMap { level in
            guard counts[level] > 0, churned[level] == 0 || churned[level] == counts[level] else { return nil }
            let name = level < feature.levels.count ? feature.levels[level] : "(missing)"
            let fate = churned[level] == 0 ? "none of \(counts[level])" : "all \(counts[level])"
            return Finding(text: "\(feature.name) = \(name) (\(fate) rows churned)")
        }
    }

    private static func number(
        _ feature: Feature, _ column: [Double], _ labels: [Bool], _ rows: [Int32]
    ) -> Finding? {
        var churners: ClosedRange<Double>?
        var others: ClosedRange<Double>?
        for row in rows where !column[Int(row)].isNaN {
            let value = column[Int(row)]
            if labels[Int(row)] {
                churners = min(churners?.lowerBound ?? value, value)...max(churners?.upperBound ?? value, value)
            } else {
                others = min(others?.lowerBound ?? value, value)...max(others?.upperBound ?? value, value)
            }
        }
        guard let churners, let others, !churners.overlaps(others) else { return nil }
        let side = churners.lowerBound > others.upperBound ? "above" : "below"
        return Finding(text: "\(feature.name) (every churner is \(side) all others)")
    }
}
