extension Tile {
    /// Fills `logits`, `losses`, `slopes` and `roots` at `parameters`, weights included; all but the logits are 0 behind
    /// the rows in use.
    ///
    /// - Returns: the largest |logit|.
    mutating func computeLosses(_ parameters: [Double]) -> Double {
        precondition(parameters.count == width, "\(parameters.count) parameters for \(width) columns")
        computeLogits(parameters)
        let (outcomes, weights, logits) = unsafe (self.outcomes, self.weights, self.logits)
        let (losses, slopes, roots) = unsafe (self.losses, self.slopes, self.roots)
        // One loop a result: in one loop for all the compiler would not run two rows at once.
        for row in 0..<Self.rows { unsafe roots[row] = LogisticLoss.power(logits[row]) }
        for row in 0..<Self.rows {
            let loss = unsafe LogisticLoss(logit: logits[row], outcome: outcomes[row], power: roots[row])
            unsafe losses[row] = weights[row] * loss.loss
        }
        for row in 0..<Self.rows {
            let loss = unsafe LogisticLoss(logit: logits[row], outcome: outcomes[row], power: roots[row])
            unsafe slopes[row] = weights[row] * loss.slope
        }
        for row in 0..<Self.rows {
            let loss = unsafe LogisticLoss(logit: 0, outcome: 0, power: roots[row])
            unsafe roots[row] = (weights[row] * loss.curvature).squareRoot()
        }
        for row in count..<Self.rows {
            unsafe losses[row] = 0
            unsafe slopes[row] = 0
            unsafe roots[row] = 0
        }
        var largest = 0.0
        for row in 0..<count { largest = max(largest, unsafe logits[row].magnitude) }
        return largest
    }

    /// Three columns at a time, so that the logits are loaded and stored a third as often.
    private mutating func computeLogits(_ parameters: [Double]) {
        let logits = unsafe self.logits
        for row in 0..<Self.rows { unsafe logits[row] = 0 }
        for first in stride(from: 0, to: fullWidth, by: 3) {
            let (a, b, c) = unsafe (column(first), column(first + 1), column(first + 2))
            let weightA = parameters[first]
            let weightB = first + 1 < width ? parameters[first + 1] : 0
            let weightC = first + 2 < width ? parameters[first + 2] : 0
            for row in 0..<Self.rows {
                unsafe logits[row] = logits[row] + weightA * a[row] + weightB * b[row] + weightC * c[row]
            }
        }
    }
}
