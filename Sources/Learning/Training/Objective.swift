/// What a fit minimises but for the absolute values: weighted mean loss plus an L2 penalty on the standardised weights,
/// the intercept free.
///
/// F(w, b) = (1/Σs) Σ s_i loss(x_i · w + b, y_i) + (λ/2) Σ w_j². scikit-learn's C is 1 / (λ Σs). The vector of parameters
/// holds the weights in the order of the design's columns and the intercept last.
package struct Objective: Sendable {
    package let design: DesignMatrix
    package let lambda: Double
    private let runner: LoopRunner

    package init(_ design: DesignMatrix, lambda: Double, runner: LoopRunner = .serial) {
        self.design = design
        self.lambda = lambda
        self.runner = runner
    }

    /// Value, gradient and, if asked for, Hessian in one pass over the data.
    ///
    /// Sums are kept per stretch of tiles and added in the order of the stretches, so that the result is the same however
    /// these are shared out among threads.
    package func evaluate(_ parameters: [Double], hasHessian: Bool = true) -> Evaluation {
        var total = Evaluation(width: design.width, hasHessian: hasHessian)
        let partials = runner.map(count: stretchCount) { partial($0, parameters, hasHessian) }
        for partial in partials { total.add(partial) }
        total.scale(by: 1 / design.weightSum)
        for column in 0..<design.width - 1 {
            let weight = parameters[column]
            total.value += lambda / 2 * weight * weight
            total.gradient[column] += lambda * weight
            total.hessian?[column, column] += lambda
        }
        return total
    }

    /// Depends on the size of the design only; fewer when it is so wide that their Hessians would fill the memory.
    private var stretchCount: Int {
        let most = max(8, min(64, (1 << 23) / (design.width * design.width)))
        return min(design.tileCount, most)
    }

    /// The unscaled sums over the tiles of one stretch, without the penalty.
    private func partial(_ stretch: Int, _ parameters: [Double], _ hasHessian: Bool) -> Evaluation {
        var tile = Tile(width: design.width)
        var sums = TileSums(for: tile, hasHessian: hasHessian)
        let (count, tiles) = (stretchCount, design.tileCount)
        for index in stretch * tiles / count..<(stretch + 1) * tiles / count {
            design.fill(&tile, index)
            sums.add(&tile, parameters)
        }
        return sums.finish()
    }
}
