/// 256 rows of a design, column by column, the intercept's ones last, and the scratch memory of one pass over them.
///
/// It owns plain memory, not arrays: this is where training spends its time.
@safe
struct Tile: ~Copyable {
    static let rows = 256

    let width: Int
    /// The rows in use; in those behind them all columns but the last are 0.
    var count = 0
    private let columns: UnsafeMutablePointer<Double>
    private let outcomes: UnsafeMutablePointer<Double>
    private let logits: UnsafeMutablePointer<Double>
    private let slopes: UnsafeMutablePointer<Double>
    private let curvatures: UnsafeMutablePointer<Double>

    init(width: Int) {
        self.width = width
        unsafe columns = .allocate(capacity: (width + 4) * Self.rows)
        unsafe columns.initialize(repeating: 1, count: (width + 4) * Self.rows)
        unsafe outcomes = columns + width * Self.rows
        unsafe logits = outcomes + Self.rows
        unsafe slopes = logits + Self.rows
        unsafe curvatures = slopes + Self.rows
    }

    deinit { unsafe columns.deallocate() }

    mutating func setOutcome(_ row: Int, _ outcome: Double) {
        precondition(row >= 0 && row < Self.rows, "row \(row) of a tile")
        unsafe outcomes[row] = outcome
    }

    mutating func set(_ column: Int, _ row: Int, _ value: Double) {
        precondition(column >= 0 && column < width && row >= 0 && row < Self.rows, "row \(row) of column \(column)")
        unsafe columns[column * Self.rows + row] = value
    }

    /// Adds the tile's part of value, gradient and Hessian at `parameters`, without scale and penalty.
    mutating func add(_ parameters: [Double], to sums: inout Evaluation) {
        precondition(parameters.count == width, "\(parameters.count) parameters for \(width) columns")
        computeLogits(parameters)
        computeLosses(&sums)
        for column in 0..<width {
            let values = unsafe columns + column * Self.rows
            sums.gradient[column] += unsafe Self.product(slopes, values)
            // The logits have done their duty: their memory takes the column times the curvatures.
            for row in 0..<Self.rows { unsafe logits[row] = curvatures[row] * values[row] }
            for other in 0...column {
                sums.hessian[column, other] += unsafe Self.product(logits, columns + other * Self.rows)
            }
        }
    }

    private mutating func computeLogits(_ parameters: [Double]) {
        for row in 0..<Self.rows { unsafe logits[row] = 0 }
        for column in 0..<width {
            let parameter = parameters[column]
            let values = unsafe columns + column * Self.rows
            for row in 0..<Self.rows { unsafe logits[row] += parameter * values[row] }
        }
    }

    private mutating func computeLosses(_ sums: inout Evaluation) {
        for row in 0..<count {
            let logit = unsafe logits[row]
            let loss = unsafe LogisticLoss(logit: logit, outcome: outcomes[row])
            sums.value += loss.loss
            sums.largestLogit = max(sums.largestLogit, abs(logit))
            unsafe slopes[row] = loss.slope
            unsafe curvatures[row] = loss.curvature
        }
        for row in count..<Self.rows {
            unsafe slopes[row] = 0
            unsafe curvatures[row] = 0
        }
    }

    /// The inner product of two columns, in eight sums that are added at the end in one fixed order.
    private static func product(_ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>) -> Double {
        var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
        var (e, f, g, h) = (0.0, 0.0, 0.0, 0.0)
        var row = 0
        while row < rows {
            unsafe a += left[row] * right[row]
            unsafe b += left[row + 1] * right[row + 1]
            unsafe c += left[row + 2] * right[row + 2]
            unsafe d += left[row + 3] * right[row + 3]
            unsafe e += left[row + 4] * right[row + 4]
            unsafe f += left[row + 5] * right[row + 5]
            unsafe g += left[row + 6] * right[row + 6]
            unsafe h += left[row + 7] * right[row + 7]
            row += 8
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h))
    }
}
