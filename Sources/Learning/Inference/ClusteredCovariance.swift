/// The covariance of a maximum-likelihood fit whose rows come in clusters: H⁻¹ M H⁻¹.
///
/// H is the Hessian of the sum of losses, M the sum over customers of the outer product of their rows' gradients, times
/// G / (G - 1) for G customers (Liang, Zeger 1986). It holds whatever the correlation of a customer's rows.
struct ClusteredCovariance {
    /// Of the mean loss, as the fit has it; nil where it is not positive definite.
    private let hessian: CholeskyFactor?
    private let rows: Int
    private let meat: SymmetricMatrix
    let customers: Int

    /// - Parameter fit: without a penalty, to `rows` of `table`.
    init(
        _ fit: LogisticFit, _ table: EncodedTable, labels: [Bool], customers: [Int32], rows: [Int32],
        runner: LoopRunner
    ) {
        let objective = Objective(fit.design, lambda: 0, runner: runner)
        hessian = objective.evaluate(fit.solution.parameters).hessian?.factorised()
        self.rows = rows.count
        var meat = SymmetricMatrix(width: fit.design.width)
        var gradient = [Double](repeating: 0, count: fit.design.width)
        var count = 0
        var present: Int32 = -1
        var vector = DesignVector(fit.design, table)
        let parameters = fit.solution.parameters
        for row in Self.grouped(rows, customers) {
            if customers[Int(row)] != present {
                meat.addSquare(of: gradient)
                for column in gradient.indices { gradient[column] = 0 }
                present = customers[Int(row)]
                count += 1
            }
            vector.load(row)
            let logit = zip(vector.values, parameters).reduce(0) { $0 + $1.0 * $1.1 }
            let loss = LogisticLoss(logit: logit, outcome: labels[Int(row)] ? 1 : 0)
            for column in gradient.indices { gradient[column] += loss.slope * vector.values[column] }
        }
        meat.addSquare(of: gradient)
        self.meat = meat
        self.customers = count
    }

    /// The rows with those of each customer together; most tables have them so.
    private static func grouped(_ rows: [Int32], _ customers: [Int32]) -> [Int32] {
        let isGrouped = zip(rows, rows.dropFirst()).allSatisfy { customers[Int($0)] <= customers[Int($1)] }
        return isGrouped ? rows : rows.sorted { (customers[Int($0)], $0) < (customers[Int($1)], $1) }
    }

    /// The standard error of Σ contrast · parameter; nil when the Hessian is not positive definite.
    func standardError(_ contrast: [Double]) -> Double? {
        guard customers > 1, let hessian else { return nil }
        let clusters = Double(customers)
        return (meat.form(hessian.solve(contrast)) * clusters / (clusters - 1)).squareRoot() / Double(rows)
    }
}

/// One row of a design: its standardised columns and the 1 of the intercept.
private struct DesignVector {
    private let design: DesignMatrix
    private let table: EncodedTable
    private(set) var values: [Double]

    init(_ design: DesignMatrix, _ table: EncodedTable) {
        self.design = design
        self.table = table
        values = [Double](repeating: 1, count: design.width)
    }

    mutating func load(_ row: Int32) {
        for (place, column) in design.columns.enumerated() {
            let value = table.columns[column.feature].value(Int(row), level: column.level)
            let standardizer = design.standardizer
            values[place] =
                value.isNaN ? 0 : (value - standardizer.means[column.place]) / standardizer.scales[column.place]
        }
    }
}

extension SymmetricMatrix {
    /// Adds vector · vectorᵀ.
    fileprivate mutating func addSquare(of vector: [Double]) {
        for row in 0..<width {
            if vector[row] == 0 { continue }
            for column in 0...row { self[row, column] += vector[row] * vector[column] }
        }
    }

    /// vectorᵀ · self · vector.
    fileprivate func form(_ vector: [Double]) -> Double {
        var sum = 0.0
        for row in 0..<width {
            for column in 0..<row { sum += 2 * vector[row] * self[row, column] * vector[column] }
            sum += vector[row] * self[row, row] * vector[row]
        }
        return max(sum, 0)
    }
}
