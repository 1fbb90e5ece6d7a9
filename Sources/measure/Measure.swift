import Churn
import Glibc
import Learning
import Linux

/// Fits a matrix in memory as often as it is told to, for the bench: `measure FILE THREADS`, then one line a fit.
///
/// Each line of standard input is `λ ρ tolerance`; each answer is `seconds iterations intercept weight weight …`.
@main
enum Measure {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let threads = Int(arguments[2]), threads > 0 else {
            fatalError("usage: measure FILE THREADS")
        }
        let matrix = try MatrixFile(arguments[1])
        var settings = FitSettings()
        settings.runner = .threads(threads)
        settings.sampleWeights = matrix.weights
        let rows = Array(0..<Int32(matrix.labels.count))
        print("ready")
        fflush(nil)
        while let line = readLine() {
            let words = line.split(separator: " ").compactMap { Double($0) }
            guard words.count == 3 else { fatalError("a line is λ, ρ and tolerance") }
            settings.l1Ratio = words[1]
            settings.tolerance = words[2]
            let started = Clock.monotonicNanoseconds()
            let fit = try LogisticFit(matrix.table, labels: matrix.labels, rows: rows, lambda: words[0], settings)
            let seconds = Double(Clock.monotonicNanoseconds() - started) * 1e-9
            print("\(seconds) \(fit.solution.iterations) \(fit.parameters.intercept) \(Self.weights(fit))")
            fflush(nil)
        }
    }

    private static func weights(_ fit: LogisticFit) -> String {
        fit.parameters.effects.map { effect in
            guard case .number(let weight, _) = effect else { fatalError("a matrix has numbers only") }
            return "\(weight)"
        }.joined(separator: " ")
    }
}
