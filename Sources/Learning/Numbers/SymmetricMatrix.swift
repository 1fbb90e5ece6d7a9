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

    /// The rows and columns at `places`, which ascend.
    package func part(_ places: [Int]) -> SymmetricMatrix {
        var part = SymmetricMatrix(width: places.count)
        for (row, place) in places.enumerated() {
            for column in 0...row { part[row, column] = self[place, places[column]] }
        }
        return part
    }
}
