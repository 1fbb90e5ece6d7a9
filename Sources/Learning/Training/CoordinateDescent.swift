/// Minimises a parabola with absolute values over one parameter after the other, on the Hessian alone.
///
/// With u = w + δ it finds the minimum of g · δ + δ' H δ / 2 + κ Σ |u_j|, the last parameter free. The slope g + H δ is
/// kept up to date, so that a sweep costs the square of the number of parameters and no look at the data
/// (Friedman, Hastie, Tibshirani 2010, "covariance updates").
struct CoordinateDescent: Sendable {
    private static let sweepsMax = 2000

    private let width: Int
    /// Square, row by row.
    private let hessian: [Double]
    private let matrix: SymmetricMatrix
    private let absolute: Double

    init(_ hessian: SymmetricMatrix, absolute: Double) {
        let width = hessian.width
        var square = [Double](repeating: 0, count: width * width)
        for row in 0..<width {
            for column in 0...row {
                square[row * width + column] = hessian[row, column]
                square[column * width + row] = hessian[row, column]
            }
        }
        self.width = width
        self.hessian = square
        self.absolute = absolute
        matrix = hessian
    }

    /// The δ at the minimum from the parameters w.
    ///
    /// Sweeps find out which parameters are zero and the signs of the others; one linear system then says exactly how
    /// large these are.
    func step(from parameters: [Double], gradient: [Double]) -> [Double] {
        var places = parameters
        var slopes = gradient
        var nextExact = 2
        for sweep in 1...Self.sweepsMax {
            let change = self.sweep(&places, &slopes)
            if change == 0 { break }
            if sweep == nextExact {
                if let exact = exactPlaces(places, parameters, gradient) {
                    places = exact
                    break
                }
                nextExact *= 2
            }
        }
        return zip(places, parameters).map { $0 - $1 }
    }

    /// Moves every parameter to its own minimum once.
    ///
    /// - Returns: the largest change beyond rounding.
    private func sweep(_ places: inout [Double], _ slopes: inout [Double]) -> Double {
        var largest = 0.0
        for index in 0..<width {
            let curvature = hessian[index * width + index]
            guard curvature > 0 else { continue }
            let before = places[index]
            let threshold = index == width - 1 ? 0 : absolute
            places[index] = Self.shrink(curvature * before - slopes[index], by: threshold) / curvature
            let change = places[index] - before
            if abs(change) <= 1e-15 * max(abs(before), 1e-3) {
                places[index] = before
                continue
            }
            largest = max(largest, abs(change))
            for other in 0..<width { slopes[other] += change * hessian[index * width + other] }
        }
        return largest
    }

    /// Towards 0 by `threshold`, no further than 0.
    private static func shrink(_ value: Double, by threshold: Double) -> Double {
        value > threshold ? value - threshold : value < -threshold ? value + threshold : 0
    }

    /// The minimum among parameters with the zeros and signs of `places`; nil when it is not the one among all.
    ///
    /// H_AA u_A = (H w - g - κ sign u)_A, where A are those that are not zero.
    private func exactPlaces(_ places: [Double], _ parameters: [Double], _ gradient: [Double]) -> [Double]? {
        let free = width - 1
        let active = places.indices.filter { $0 == free || places[$0] != 0 }
        let sign = { (value: Double) in value > 0 ? 1.0 : value < 0 ? -1 : 0 }
        var right: [Double] = []
        for index in active {
            let pull = index == free ? 0 : absolute * sign(places[index])
            right.append(product(index, parameters) - gradient[index] - pull)
        }
        guard let found = matrix.part(active).factorised()?.solve(right) else { return nil }
        var exact = [Double](repeating: 0, count: width)
        for (index, value) in zip(active, found) {
            if index != free, sign(value) != sign(places[index]) { return nil }
            exact[index] = value
        }
        let step = zip(exact, parameters).map { $0 - $1 }
        for index in 0..<free where exact[index] == 0 {
            if abs(gradient[index] + product(index, step)) > absolute * (1 + 1e-12) { return nil }
        }
        return exact
    }

    /// The row `index` of H times `vector`.
    private func product(_ index: Int, _ vector: [Double]) -> Double {
        var sum = 0.0
        for other in 0..<width { sum += hessian[index * width + other] * vector[other] }
        return sum
    }
}
