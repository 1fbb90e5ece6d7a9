/// A symmetric matrix, of which the lower triangle is kept, row by row.
package struct SymmetricMatrix: Sendable, Equatable {
    package let width: Int
    private var values: [Double]

    package init(width: Int) {
        self.width = width
        values = Array(repeating: 0, count: width * (width + 1) / 2)
    }

    /// - Parameter column: not beyond `row`.
    package subscript(row: Int, column: Int) -> Double {
        get { values[row * (row + 1) / 2 + column] }
        set { values[row * (row + 1) / 2 + column] = newValue }
    }

    mutating func add(_ other: SymmetricMatrix) {
        for index in values.indices { values[index] += other.values[index] }
    }

    mutating func scale(by factor: Double) {
        for index in values.indices { values[index] *= factor }
    }

    /// The rows that are linear combinations of rows before them, to a relative 1e-9.
    ///
    /// A Cholesky factorisation that skips a row whose pivot has all but vanished.
    package func dependentRows() -> Set<Int> {
        var factor = self
        var dependent: Set<Int> = []
        for row in 0..<width {
            let diagonal = self[row, row]
            var pivot = diagonal
            for column in 0..<row where !dependent.contains(column) {
                var sum = self[row, column]
                for inner in 0..<column where !dependent.contains(inner) {
                    sum -= factor[row, inner] * factor[column, inner]
                }
                let value = sum / factor[column, column]
                factor[row, column] = value
                pivot -= value * value
            }
            if pivot > 1e-9 * diagonal { factor[row, row] = pivot.squareRoot() } else { dependent.insert(row) }
        }
        return dependent
    }

    /// Solves `self · x = right` by Cholesky.
    ///
    /// - Returns: nil unless the matrix is positive definite beyond rounding.
    package func solve(_ right: [Double]) -> [Double]? {
        precondition(right.count == width, "\(right.count) values for a matrix of width \(width)")
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
        var solution = right
        for row in 0..<width {
            for column in 0..<row { solution[row] -= factor[row, column] * solution[column] }
            solution[row] /= factor[row, row]
        }
        for row in (0..<width).reversed() {
            for below in row + 1..<max(width, row + 1) { solution[row] -= factor[below, row] * solution[below] }
            solution[row] /= factor[row, row]
        }
        return solution
    }
}
