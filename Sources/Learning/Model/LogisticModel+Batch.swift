/// Scoring across rows, feature by feature; each row is summed in the order of `score`, and so has its bits.
extension LogisticModel {
    /// The logits of `rows` of `table`.
    ///
    /// - Parameter rows: indices into the table; at least one.
    package func logits(_ table: EncodedTable, rows: [Int32]) -> [Double] {
        precondition(table.columns.count == terms.count, "a table of another schema")
        if rows.isEmpty { return [] }
        let selection = RowSelection(rows)
        var logits = [Double](repeating: base, count: rows.count)
        for (column, term) in zip(table.columns, terms) {
            switch column {
            case .numbers(let numbers): addNumbers(numbers, selection, term, &logits)
            case .levels(let levels):
                for (place, row) in rows.enumerated() where levels[Int(row)] >= 0 {
                    logits[place] += levelContributions[term.levels + Int(levels[Int(row)])]
                }
            }
        }
        return logits
    }

    /// The probabilities of `rows` of `table`, bit for bit those of `score`.
    package func probabilities(_ table: EncodedTable, rows: [Int32]) -> [Double] {
        logits(table, rows: rows).map(Self.probability)
    }

    private func addNumbers(_ numbers: [Double], _ rows: RowSelection, _ term: Term, _ logits: inout [Double]) {
        let size = RowBlock.rows
        let room = UnsafeMutablePointer<Double>.allocate(capacity: size)
        defer { unsafe room.deallocate() }
        unsafe logits.withUnsafeMutableBufferPointer { logits in
            for start in stride(from: 0, to: rows.count, by: size) {
                let count = min(size, rows.count - start)
                unsafe rows.read(numbers, start..<start + count, room) { values in
                    let target = unsafe UnsafeMutableBufferPointer(rebasing: logits[start..<start + count])
                    unsafe Self.add(values, term, to: target)
                }
            }
        }
    }

    /// Adds the contributions of a number to as many logits; a missing one, NaN, adds nothing.
    @unsafe @inline(__always)
    static func add(
        _ values: UnsafePointer<Double>, _ term: Term, to logits: UnsafeMutableBufferPointer<Double>
    ) {
        guard let target = logits.baseAddress else { return }
        let (weight, mean) = (term.weight, term.mean)
        for row in 0..<logits.count {
            let value = unsafe values[row]
            let contribution = weight * (value - mean)
            unsafe target[row] += value == value ? contribution : 0
        }
    }

    /// The probabilities of as many logits.
    @unsafe
    static func setProbabilities(
        _ probabilities: UnsafeMutablePointer<Double>, _ logits: UnsafePointer<Double>, _ count: Int
    ) {
        var largest = 0.0
        for row in 0..<count {
            let logit = unsafe logits[row]
            let power = LogisticLoss.power(logit)
            let small = power / (1 + power)
            unsafe probabilities[row] = logit >= 0 ? 1 / (1 + power) : small
            largest = max(largest, logit.magnitude)
        }
        // Beyond, the loop above takes a limit in place of the exponential.
        guard largest > Elementary.moderateMax else { return }
        for row in 0..<count { unsafe probabilities[row] = probability(logits[row]) }
    }
}
