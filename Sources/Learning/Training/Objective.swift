/// What a fit minimises: mean loss plus an L2 penalty on the standardised weights, the intercept free.
///
/// F(w, b) = (1/n) Σ loss(x_i · w + b, y_i) + (λ/2) Σ w_j². scikit-learn's C is 1 / (λ n). The vector of parameters holds
/// the weights in the order of the design's columns and the intercept last.
package struct Objective: Sendable {
    package let design: DesignMatrix
    package let lambda: Double

    package init(_ design: DesignMatrix, lambda: Double) {
        self.design = design
        self.lambda = lambda
    }

    /// Value, gradient and Hessian in one pass over the data.
    ///
    /// Sums are kept per run of 16 tiles and added in the order of the runs, so that the result is the same however the
    /// runs are shared out among threads.
    package func evaluate(_ parameters: [Double]) -> Evaluation {
        var total = Evaluation(width: design.width)
        for run in 0..<runCount { total.add(partial(run, parameters)) }
        total.scale(by: 1 / Double(design.rowCount))
        for column in 0..<design.width - 1 {
            let weight = parameters[column]
            total.value += lambda / 2 * weight * weight
            total.gradient[column] += lambda * weight
            total.hessian[column, column] += lambda
        }
        return total
    }

    private static let tilesPerRun = 16

    private var runCount: Int { (design.tileCount + Self.tilesPerRun - 1) / Self.tilesPerRun }

    /// The unscaled sums over the tiles of one run, without the penalty.
    private func partial(_ run: Int, _ parameters: [Double]) -> Evaluation {
        var sums = Evaluation(width: design.width)
        var tile = Tile(width: design.width)
        let first = run * Self.tilesPerRun
        for index in first..<min(first + Self.tilesPerRun, design.tileCount) {
            design.fill(&tile, index)
            tile.add(parameters, to: &sums)
        }
        return sums
    }
}

/// The value of an objective at one point, with its derivatives.
package struct Evaluation: Sendable {
    package var value = 0.0
    package var gradient: [Double]
    package var hessian: SymmetricMatrix
    /// The largest |logit| of a row.
    package var largestLogit = 0.0

    init(width: Int) {
        gradient = Array(repeating: 0, count: width)
        hessian = SymmetricMatrix(width: width)
    }

    mutating func add(_ other: Evaluation) {
        value += other.value
        for index in gradient.indices { gradient[index] += other.gradient[index] }
        hessian.add(other.hessian)
        largestLogit = max(largestLogit, other.largestLogit)
    }

    mutating func scale(by factor: Double) {
        value *= factor
        for index in gradient.indices { gradient[index] *= factor }
        hessian.scale(by: factor)
    }

    /// The largest component of the gradient, by size.
    package var steepness: Double { gradient.reduce(0) { max($0, abs($1)) } }
}
