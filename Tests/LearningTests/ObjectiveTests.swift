import Learning
import TestSupport
import Testing

struct ObjectiveTests {
    private let design: DesignMatrix
    private let point: [Double]

    init() throws {
        let (encoded, table) = try SampleData.encoded(rows: 700)
        design = DesignMatrix(encoded, labels: table.labels, rows: Array(0..<700))
        var generator = SeededGenerator(seed: 21)
        point = (0..<design.width).map { _ in Double.random(in: -0.5...0.5, using: &generator) }
    }

    private func moved(_ index: Int, by step: Double) -> [Double] {
        var point = point
        point[index] += step
        return point
    }

    /// Fornberg's five-point stencil, whose error is of the fourth order.
    private func derivative(_ index: Int, _ value: ([Double]) -> Double) -> Double {
        let h = 1e-3
        let near = value(moved(index, by: h)) - value(moved(index, by: -h))
        let far = value(moved(index, by: 2 * h)) - value(moved(index, by: -2 * h))
        return (8 * near - far) / (12 * h)
    }

    @Test func `the gradient is the slope of the value`() {
        let objective = Objective(design, lambda: 0.3)
        let gradient = objective.evaluate(point).gradient
        for index in point.indices {
            let slope = derivative(index) { objective.evaluate($0).value }
            #expect(abs(slope - gradient[index]) < 1e-9)
        }
    }

    @Test func `the Hessian is the slope of the gradient`() throws {
        let objective = Objective(design, lambda: 0.3)
        let hessian = try #require(objective.evaluate(point).hessian)
        for row in point.indices {
            for column in 0...row {
                let slope = derivative(row) { objective.evaluate($0).gradient[column] }
                #expect(abs(slope - hessian[row, column]) < 1e-9)
            }
        }
    }

    @Test func `a pass without the Hessian gives the same value and gradient`() {
        let objective = Objective(design, lambda: 0.3)
        let (fused, light) = (objective.evaluate(point), objective.evaluate(point, hasHessian: false))
        #expect(fused.value == light.value && fused.gradient == light.gradient && light.hessian == nil)
        #expect(fused.largestLogit == light.largestLogit)
    }

    @Test func `the fused pass over tiles is what its definition says`() throws {
        let (encoded, table) = try SampleData.encoded(rows: 700)
        let evaluation = Objective(design, lambda: 0).evaluate(point)
        let naive = NaiveObjective(encoded, table.labels, design)
        let expected = naive.evaluate(point)
        #expect(abs(evaluation.value - expected.value) < 1e-13)
        let hessian = try #require(evaluation.hessian)
        for row in point.indices {
            #expect(abs(evaluation.gradient[row] - expected.gradient[row]) < 1e-13)
            for column in 0...row { #expect(abs(hessian[row, column] - expected.hessian[row][column]) < 1e-13) }
        }
    }

    @Test func `the intercept is not penalised, every weight is`() throws {
        let free = Objective(design, lambda: 0).evaluate(point)
        let held = Objective(design, lambda: 0.3).evaluate(point)
        let (heldHessian, freeHessian) = (try #require(held.hessian), try #require(free.hessian))
        for index in point.indices {
            let isIntercept = index == point.count - 1
            let expected = isIntercept ? 0 : 0.3 * point[index]
            #expect(abs(held.gradient[index] - free.gradient[index] - expected) < 1e-15)
            #expect(abs(heldHessian[index, index] - freeHessian[index, index] - (isIntercept ? 0 : 0.3)) < 1e-15)
        }
        let squares = point.dropLast().reduce(0) { $0 + $1 * $1 }
        #expect(abs(held.value - free.value - 0.15 * squares) < 1e-14)
    }

    @Test func `the columns have mean 0 and variance 1 over the training rows`() throws {
        // At the origin the slopes are 1/2 - y and the curvatures 1/4, so that the Hessian shows the correlations.
        let hessian = try #require(Objective(design, lambda: 0).evaluate(point.map { _ in 0 }).hessian)
        for column in 0..<design.columns.count {
            #expect(abs(4 * hessian[column, column] - 1) < 1e-12)
            #expect(abs(hessian[design.columns.count, column]) < 1e-13)
        }
    }

    @Test func `the order of the rows changes nothing beyond rounding`() throws {
        let (encoded, table) = try SampleData.encoded(rows: 700)
        var generator = SeededGenerator(seed: 22)
        let rows = (0..<Int32(700)).shuffled(using: &generator)
        let straight = try LogisticFit(encoded, labels: table.labels, rows: Array(0..<700), lambda: 1e-3)
        let shuffled = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: 1e-3)
        for (a, b) in zip(straight.solution.parameters, shuffled.solution.parameters) { #expect(abs(a - b) < 1e-12) }
        #expect(abs(straight.parameters.intercept - shuffled.parameters.intercept) < 1e-12)
    }

    @Test func `the fit is where the gradient vanishes`() throws {
        let (encoded, table) = try SampleData.encoded(rows: 700)
        let fit = try LogisticFit(encoded, labels: table.labels, rows: Array(0..<700), lambda: 1e-3)
        #expect(fit.solution.gradient < 1e-10)
        #expect(Objective(design, lambda: 1e-3).evaluate(fit.solution.parameters).steepness < 1e-10)
    }
}
