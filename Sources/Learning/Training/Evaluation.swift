/// The value of an objective at one point, with its derivatives.
package struct Evaluation: Sendable {
    package var value = 0.0
    package var gradient: [Double]
    /// Nil when it was not asked for.
    package var hessian: SymmetricMatrix?
    /// The largest |logit| of a row.
    package var largestLogit = 0.0

    init(width: Int, hasHessian: Bool) {
        gradient = Array(repeating: 0, count: width)
        hessian = hasHessian ? SymmetricMatrix(width: width) : nil
    }

    mutating func add(_ other: Evaluation) {
        value += other.value
        for index in gradient.indices { gradient[index] += other.gradient[index] }
        if let matrix = other.hessian { hessian?.add(matrix) }
        largestLogit = max(largestLogit, other.largestLogit)
    }

    mutating func scale(by factor: Double) {
        value *= factor
        for index in gradient.indices { gradient[index] *= factor }
        hessian?.scale(by: factor)
    }

    /// The largest component of the gradient, by size.
    package var steepness: Double { gradient.reduce(0) { max($0, abs($1)) } }
}
