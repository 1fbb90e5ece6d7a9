/// The parabola that a Newton step descends: g · δ + δ' H δ / 2, plus κ Σ |w_j + δ_j| over all but the last parameter.
struct QuadraticBowl: Sendable {
    private let absolute: Double
    private var factor: CholeskyFactor?
    private var descent: CoordinateDescent?

    /// - Parameter absolute: κ.
    init(absolute: Double) { self.absolute = absolute }

    /// Takes H.
    ///
    /// - Returns: false when it is not positive definite beyond rounding, and steps would have no bound.
    mutating func take(_ hessian: SymmetricMatrix) -> Bool {
        if absolute > 0 {
            descent = CoordinateDescent(hessian, absolute: absolute)
            return true
        }
        factor = hessian.factorised()
        return factor != nil
    }

    /// The δ at the bottom, from the parameters w with gradient g.
    func step(from parameters: [Double], gradient: [Double]) -> [Double] {
        if let descent { return descent.step(from: parameters, gradient: gradient) }
        guard let factor else { preconditionFailure("a step without a Hessian") }
        return factor.solve(gradient.map { -$0 })
    }
}
