/// The lower triangle L of a symmetric matrix L L'.
package struct CholeskyFactor: Sendable {
    private let triangle: SymmetricMatrix

    fileprivate init(_ triangle: SymmetricMatrix) { self.triangle = triangle }

    /// Solves L L' x = `right`.
    package func solve(_ right: [Double]) -> [Double] {
        let width = triangle.width
        precondition(right.count == width, "\(right.count) values for a matrix of width \(width)")
        var solution = right
        for row in 0..<width {
            for column in 0..<row { solution[row] -= triangle[row, column] * solution[column] }
            solution[row] /= triangle[row, row]
        }
        for row in (0..<width).reversed() {
            for below in row + 1..<max(width, row + 1) { solution[row] -= triangle[below, row] * solution[below] }
            solution[row] /= triangle[row, row]
        }
        return solution
    }
}

extension SymmetricMatrix {
    /// Its Cholesky factor; nil unless the matrix is positive definite beyond rounding.
    package func factorised() -> CholeskyFactor? {
        var factor = self
        for row in 0..<width {
            for column in 0...row {
                var sum = factor[row, column]
                for inner in 0..<column { sum -= factor[row, inner] * factor[column, inner] }
                if row > column {
                    factor[row, column] = sum / factor[column, column]
                } else {
                    guard sum > 1e-15 * self[row, row] else { return nil }
                    factor[row, row] = sum.squareRoot()
                }
            }
        }
        return CholeskyFactor(factor)
    }
}
