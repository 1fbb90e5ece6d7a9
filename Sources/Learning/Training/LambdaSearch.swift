/// The choice of λ by the log loss of rows that the fit did not see.
package enum LambdaSearch {
    /// Twenty-five values from 1 down to 1e-6, four to a factor of ten.
    package static let grid: [Double] = [
        1, 0.56234, 0.31623, 0.17783,
        0.1, 0.056234, 0.031623, 0.017783,
        0.01, 0.0056234, 0.0031623, 0.0017783,
        0.001, 0.00056234, 0.00031623, 0.00017783,
        0.0001, 0.000056234, 0.000031623, 0.000017783,
        0.00001, 0.0000056234, 0.0000031623, 0.0000017783,
        0.000001,
    ]

    package struct Choice: Sendable {
        package let penalty: Penalty
        /// Of the rows held out, with this penalty.
        package let logits: [Double]
    }

    /// Tries the whole grid: the lowest log loss after Platt's calibration wins, and among those within 1e-6 of it the
    /// largest λ.
    ///
    /// Calibrated, since what a penalty takes from all weights alike is given back by the slope.
    /// - Parameters:
    ///   - labels: what became of the rows held out.
    ///   - l1Ratio: the kind of penalty, for the record.
    ///   - progress: is told how many λ of how many have been tried.
    ///   - logits: theirs by a fit with this λ; asked from the largest λ down.
    package static func choose(
        _ labels: [Bool], l1Ratio: Double = 0, progress: (Int, Int) -> Void = { _, _ in },
        _ logits: (Double) throws(TrainingError) -> [Double]
    ) throws(TrainingError) -> Choice {
        var candidates: [(lambda: Double, loss: Double)] = []
        // Of one candidate only: there may be millions of rows, and nearly always the first that is close enough stays it.
        var held: (lambda: Double, logits: [Double])?
        var lowest = Double.infinity
        for (tried, lambda) in grid.enumerated() {
            progress(tried, grid.count)
            let values = try logits(lambda)
            let loss = loss(values, labels)
            candidates.append((lambda, loss))
            lowest = min(lowest, loss)
            candidates.removeAll { !($0.loss <= lowest + 1e-6) }
            if held?.lambda != candidates.first?.lambda {
                held = candidates.first?.lambda == lambda ? (lambda, values) : nil
            }
        }
        guard lowest.isFinite, let best = candidates.first else {
            throw .setting("no λ of the grid gives the rows held out a finite log loss; give one with --lambda")
        }
        let isEdge = best.lambda == grid[0] || best.lambda == grid[grid.count - 1]
        let chosen = if let held { held.logits } else { try logits(best.lambda) }
        return Choice(
            penalty: Penalty(lambda: best.lambda, l1Ratio: l1Ratio, isAtGridEdge: isEdge), logits: chosen)
    }

    private static func loss(_ logits: [Double], _ labels: [Bool]) -> Double {
        if let line = Platt(logits, labels) { return line.logLoss }
        return Measures.logLoss(logits.map(Elementary.sigmoid), labels) ?? .infinity
    }
}
