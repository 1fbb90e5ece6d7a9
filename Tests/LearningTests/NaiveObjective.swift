import Glibc
import Learning

/// Mean loss, gradient and Hessian row by row, from their definitions and with the C library's functions.
struct NaiveObjective {
    /// The standardised rows, with a 1 behind each.
    private let rows: [[Double]]
    private let labels: [Bool]

    init(_ table: EncodedTable, _ labels: [Bool], _ design: DesignMatrix) {
        self.labels = labels
        rows = labels.indices.map { row in
            design.columns.map { column in
                let mean = design.standardizer.means[column.place]
                let scale = design.standardizer.scales[column.place]
                switch table.columns[column.feature] {
                case .numbers(let numbers): return numbers[row].isNaN ? 0 : (numbers[row] - mean) / scale
                case .levels(let levels):
                    if levels[row] < 0 { return 0 }
                    return ((Int(levels[row]) == column.level ? 1 : 0) - mean) / scale
                }
            } + [1]
        }
    }

    func evaluate(_ parameters: [Double]) -> (value: Double, gradient: [Double], hessian: [[Double]]) {
        let width = parameters.count
        var value = 0.0
        var gradient = [Double](repeating: 0, count: width)
        var hessian = [[Double]](repeating: gradient, count: width)
        let count = Double(rows.count)
        for (row, label) in zip(rows, labels) {
            let logit = zip(row, parameters).reduce(0) { $0 + $1.0 * $1.1 }
            let p = 1 / (1 + exp(-logit))
            value -= log(label ? p : 1 - p) / count
            for a in 0..<width {
                gradient[a] += (p - (label ? 1 : 0)) * row[a] / count
                for b in 0..<width { hessian[a][b] += p * (1 - p) * row[a] * row[b] / count }
            }
        }
        return (value, gradient, hessian)
    }
}
