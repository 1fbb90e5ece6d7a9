/// Newton's method with step halving, for a convex objective of few parameters.
///
/// It knows nothing of the objective but its value, gradient and Hessian.
package struct NewtonSolver: Sendable {
    package static let iterationsMax = 50

    package struct Solution: Sendable {
        package let parameters: [Double]
        package let value: Double
        package let iterations: Int
        /// The largest component of the gradient, by size.
        package let gradient: Double
    }

    package enum Failure: Error, Sendable {
        /// The parameters run away along a direction that separates the classes, most of all the one at `parameter`.
        case separable(parameter: Int)
        case notConverged(iterations: Int, gradient: Double, value: Double)
    }

    /// Minimises from `start`.
    package static func minimise(
        from start: [Double], _ evaluate: ([Double]) -> Evaluation
    ) throws(Failure) -> Solution {
        var parameters = start
        var present = evaluate(start)
        var largestLogitBefore = Double.infinity
        for iteration in 0..<iterationsMax {
            // 1. The step to the minimum of the parabola at this point: H · step = -gradient.
            guard let step = present.hessian.solve(present.gradient.map { -$0 }) else {
                throw runaway(parameters, present, iteration)
            }

            // 2. Convergence: the step is negligible, or it promises less than rounding can show. A flat gradient alone
            //    proves nothing: on separable data it falls for ever while the steps keep their length.
            let length = step.reduce(0) { max($0, abs($1)) }
            let promise = -zip(step, present.gradient).reduce(0) { $0 + $1.0 * $1.1 }
            if length <= 1e-9 || (promise <= 1e-16 * max(1, abs(present.value)) && length <= 1e-4) {
                return Solution(
                    parameters: parameters, value: present.value, iterations: iteration, gradient: present.steepness)
            }

            // 3. Separable data: logits beyond 30 that still grow although the gradient has all but gone. By a hundredth,
            //    since they grow by about 1 a step, while those of an outlier settle at whatever size they have.
            if present.largestLogit > 30, present.steepness < 1e-7,
                present.largestLogit - largestLogitBefore > 0.01 * present.largestLogit
            {
                throw .separable(parameter: largest(step))
            }
            largestLogitBefore = present.largestLogit

            // 4. Take the step, or half of it, until the objective falls by a ten-thousandth of what was promised.
            guard let next = descend(from: parameters, present, step, promise, evaluate) else {
                throw .notConverged(iterations: iteration, gradient: present.steepness, value: present.value)
            }
            (parameters, present) = next
        }
        throw .notConverged(iterations: iterationsMax, gradient: present.steepness, value: present.value)
    }

    private static func descend(
        from parameters: [Double], _ present: Evaluation, _ step: [Double], _ promise: Double,
        _ evaluate: ([Double]) -> Evaluation
    ) -> ([Double], Evaluation)? {
        var share = 1.0
        // What the sum of many losses cannot resolve counts as no rise.
        let rounding = 1e-14 * max(1, abs(present.value))
        for _ in 0..<40 {
            let candidate = zip(parameters, step).map { $0 + share * $1 }
            let evaluation = evaluate(candidate)
            if evaluation.value <= present.value - 1e-4 * share * promise + rounding { return (candidate, evaluation) }
            share /= 2
        }
        return nil
    }

    /// A Hessian that is not positive definite: its curvature has vanished with logits that run away, or it never was.
    private static func runaway(_ parameters: [Double], _ present: Evaluation, _ iteration: Int) -> Failure {
        guard present.largestLogit > 15 else {
            return .notConverged(iterations: iteration, gradient: present.steepness, value: present.value)
        }
        return .separable(parameter: largest(parameters))
    }

    /// The largest by size, the intercept behind them apart.
    private static func largest(_ values: [Double]) -> Int {
        values.indices.dropLast().max { abs(values[$0]) < abs(values[$1]) } ?? 0
    }
}
