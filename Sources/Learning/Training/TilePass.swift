/// One tile's part of value, gradient and Hessian, computed across rows in vectors of eight.
struct TilePass {
    private static let vectors = DesignMatrix.tileVectors

    private var logits = [SIMD8<Double>](repeating: .zero, count: vectors)
    private var slopes = [SIMD8<Double>](repeating: .zero, count: vectors)
    private var curvatures = [SIMD8<Double>](repeating: .zero, count: vectors)
    private var weighted = [SIMD8<Double>](repeating: .zero, count: vectors)

    mutating func add(_ tile: borrowing Tile, _ parameters: [Double], to sums: inout Evaluation) {
        computeLogits(tile, parameters)
        computeLosses(tile, &sums)
        for column in 0..<parameters.count {
            addColumn(column, tile.vectors.span, &sums)
        }
    }

    private mutating func computeLogits(_ tile: borrowing Tile, _ parameters: [Double]) {
        for place in 0..<Self.vectors { logits[place] = .zero }
        let vectors = tile.vectors.span
        for (column, parameter) in parameters.enumerated() {
            let start = column * Self.vectors
            for place in 0..<Self.vectors { logits[place] += vectors[start + place] * parameter }
        }
    }

    private mutating func computeLosses(_ tile: borrowing Tile, _ sums: inout Evaluation) {
        for place in 0..<Self.vectors {
            var slope = SIMD8<Double>.zero
            var curvature = SIMD8<Double>.zero
            for lane in 0..<8 {
                let row = place * 8 + lane
                guard row < tile.count else { break }
                let logit = logits[place][lane]
                let loss = LogisticLoss(logit: logit, outcome: tile.outcomes[row])
                sums.value += loss.loss
                sums.largestLogit = max(sums.largestLogit, abs(logit))
                slope[lane] = loss.slope
                curvature[lane] = loss.curvature
            }
            slopes[place] = slope
            curvatures[place] = curvature
        }
    }

    /// Adds the gradient of `column` and row `column` of the Hessian up to its diagonal.
    private mutating func addColumn(_ column: Int, _ vectors: Span<SIMD8<Double>>, _ sums: inout Evaluation) {
        let start = column * Self.vectors
        var slope = SIMD8<Double>.zero
        for place in 0..<Self.vectors {
            let value = vectors[start + place]
            slope += slopes[place] * value
            weighted[place] = curvatures[place] * value
        }
        sums.gradient[column] += slope.sum()
        let factors = weighted.span
        for other in 0...column {
            let from = other * Self.vectors
            var product = SIMD8<Double>.zero
            for place in 0..<Self.vectors { product += factors[place] * vectors[from + place] }
            sums.hessian[column, other] += product.sum()
        }
    }
}
