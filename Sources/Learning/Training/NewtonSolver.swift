/// Newton's method with step halving, for a convex objective of few parameters plus absolute values of them.
///
/// It minimises F(w) + κ Σ |w_j|, the last parameter free, and knows nothing of F but value, gradient and Hessian.
package struct NewtonSolver {
    package static let iterationsMax = 50

    package struct Solution: Sendable {
        package let parameters: [Double]
        package let value: Double
        package let iterations: Int
        /// The largest component of the gradient, by size; with absolute values, of the smallest subgradient.
        package let gradient: Double
    }

    package enum Failure: Error, Sendable {
        /// The parameters run away along a direction that separates the classes, most of all the one at `parameter`.
        case separable(parameter: Int)
        case notConverged(iterations: Int, gradient: Double, value: Double)
    }

    /// κ.
    private let absolute: Double
    /// How little a step may promise, relative to the value, to be the last.
    private let tolerance: Double
    private let evaluate: (_ parameters: [Double], _ hasHessian: Bool) -> Evaluation

    /// Minimises from `start`.
    ///
    /// - Parameters:
    ///   - absolute: κ, the strength of the absolute values.
    ///   - evaluate: F at the parameters; its second argument says whether the Hessian is needed.
    package static func minimise(
        from start: [Double], absolute: Double = 0, tolerance: Double = 1e-16,
        _ evaluate: @escaping (_ parameters: [Double], _ hasHessian: Bool) -> Evaluation
    ) throws(Failure) -> Solution {
        try NewtonSolver(absolute: absolute, tolerance: tolerance, evaluate: evaluate).minimise(from: start)
    }

    private func minimise(from start: [Double]) throws(Failure) -> Solution {
        var present = point(start, hasHessian: true)
        var bowl = QuadraticBowl(absolute: absolute)
        var largestLogitBefore = Double.infinity
        for iteration in 0..<Self.iterationsMax {
            // 1. The step to the minimum of the parabola at this point. Without a Hessian of its own it is that of the
            //    point before, which is close.
            if let hessian = present.evaluation.hessian {
                guard bowl.take(hessian) else { throw runaway(present, iteration) }
            }
            let step = bowl.step(from: present.parameters, gradient: present.evaluation.gradient)

            // 2. Convergence: the step is negligible, or it promises less than rounding can show. A flat gradient alone
            //    proves nothing: on separable data it falls for ever while the steps keep their length.
            let length = step.reduce(0) { max($0, abs($1)) }
            let promise = present.promise(of: step, absolute)
            if length <= 1e-9 || (promise <= tolerance * max(1, abs(present.value)) && length <= 1e-4) {
                return Solution(
                    parameters: present.parameters, value: present.value, iterations: iteration,
                    gradient: present.steepness)
            }

            // 3. Separable data: logits beyond 30 that still grow although the gradient has all but gone. By a hundredth,
            //    since they grow by about 1 a step, while those of an outlier settle at whatever size they have.
            let largestLogit = present.evaluation.largestLogit
            if largestLogit > 30, present.steepness < 1e-7, largestLogit - largestLogitBefore > 0.01 * largestLogit {
                throw .separable(parameter: Self.largest(step))
            }
            largestLogitBefore = largestLogit

            // 4. Take the step, or half of it, until the objective falls by a ten-thousandth of what was promised. Promises
            //    are squared from step to step: the point after a small one will do without a Hessian.
            let hasHessian = length > 1e-2 || promise * promise > tolerance
            guard let next = descend(from: present, step, promise, hasHessian) else {
                throw .notConverged(iterations: iteration, gradient: present.steepness, value: present.value)
            }
            present = next
        }
        throw .notConverged(iterations: Self.iterationsMax, gradient: present.steepness, value: present.value)
    }

    // MARK: Points

    /// A place with what the objective is there.
    private struct Point {
        let parameters: [Double]
        let evaluation: Evaluation
        /// With the absolute values.
        let value: Double
        /// The largest component of the smallest subgradient.
        let steepness: Double

        /// How far the objective falls along `step` to first order.
        func promise(of step: [Double], _ absolute: Double) -> Double {
            var fall = 0.0
            for (change, slope) in zip(step, evaluation.gradient) { fall -= change * slope }
            guard absolute > 0 else { return fall }
            for (change, weight) in zip(step, parameters).dropLast() {
                fall -= absolute * (abs(weight + change) - abs(weight))
            }
            return fall
        }
    }

    private func point(_ parameters: [Double], hasHessian: Bool) -> Point {
        let evaluation = evaluate(parameters, hasHessian)
        guard absolute > 0 else {
            return Point(
                parameters: parameters, evaluation: evaluation, value: evaluation.value, steepness: evaluation.steepness
            )
        }
        var size = 0.0
        var steepness = abs(evaluation.gradient[parameters.count - 1])
        for (weight, slope) in zip(parameters, evaluation.gradient).dropLast() {
            size += abs(weight)
            let rest = weight == 0 ? max(abs(slope) - absolute, 0) : abs(slope + (weight > 0 ? absolute : -absolute))
            steepness = max(steepness, rest)
        }
        return Point(
            parameters: parameters, evaluation: evaluation, value: evaluation.value + absolute * size,
            steepness: steepness)
    }

    private func descend(from present: Point, _ step: [Double], _ promise: Double, _ hasHessian: Bool) -> Point? {
        var share = 1.0
        // What the sum of many losses cannot resolve counts as no rise.
        let rounding = 1e-14 * max(1, abs(present.value))
        for _ in 0..<40 {
            let candidate = point(zip(present.parameters, step).map { $0 + share * $1 }, hasHessian: hasHessian)
            if candidate.value <= present.value - 1e-4 * share * promise + rounding { return candidate }
            share /= 2
        }
        return nil
    }

    // MARK: Failures

    /// A Hessian that is not positive definite: its curvature has vanished with logits that run away, or it never was.
    private func runaway(_ present: Point, _ iteration: Int) -> Failure {
        guard present.evaluation.largestLogit > 15 else {
            return .notConverged(iterations: iteration, gradient: present.steepness, value: present.value)
        }
        return .separable(parameter: Self.largest(present.parameters))
    }

    /// The largest by size, the intercept behind them apart.
    private static func largest(_ values: [Double]) -> Int {
        values.indices.dropLast().max { abs(values[$0]) < abs(values[$1]) } ?? 0
    }
}
