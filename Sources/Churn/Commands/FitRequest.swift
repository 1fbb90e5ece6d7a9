import Learning

/// What a command was told of the fit itself: penalty, weights, threads.
package struct FitRequest: Sendable {
    let l2: Double?
    let penalty: String?
    let lambda: String?
    let l1Ratio: Double?
    let classWeight: String
    let threads: Int?

    package init(
        l2: Double? = nil, penalty: String? = nil, lambda: String? = nil, l1Ratio: Double? = nil,
        classWeight: String = "none", threads: Int? = nil
    ) {
        self.l2 = l2
        self.penalty = penalty
        self.lambda = lambda
        self.l1Ratio = l1Ratio
        self.classWeight = classWeight
        self.threads = threads
    }

    /// Puts it into `settings`.
    func apply(to settings: inout TrainingSettings) throws(CommandError) {
        settings.lambda = try strength()
        settings.fit.l1Ratio = try ratio()
        guard let weight = FitSettings.ClassWeight(rawValue: classWeight) else {
            throw CommandError(.usage, "--class-weight must be none or balanced")
        }
        settings.fit.classWeight = weight
        if let threads, !(1...64).contains(threads) {
            throw CommandError(.usage, "--threads must be a number from 1 to 64")
        }
        settings.fit.runner = .threads(threads ?? Machine.cores)
    }

    /// λ; nil to choose it.
    private func strength() throws(CommandError) -> Double? {
        if let l2 {
            if lambda != nil || penalty != nil || l1Ratio != nil {
                throw CommandError(.usage, "--l2 λ stands for --penalty l2 --lambda λ: give one or the other")
            }
            guard l2.isFinite, l2 >= 0 else { throw CommandError(.usage, "--l2 must be a number from 0 on") }
            return l2
        }
        if penalty == "none" {
            if lambda != nil { throw CommandError(.usage, "--penalty none has no --lambda") }
            return 0
        }
        guard let lambda, lambda != "auto" else { return nil }
        guard let value = Double(lambda), value.isFinite, value >= 0 else {
            throw CommandError(.usage, "--lambda must be auto or a number from 0 on")
        }
        return value
    }

    /// The share of the absolute values.
    private func ratio() throws(CommandError) -> Double {
        if let l1Ratio {
            guard penalty == "elasticnet" else {
                throw CommandError(.usage, "--l1-ratio goes with --penalty elasticnet")
            }
            guard (0...1).contains(l1Ratio) else {
                throw CommandError(.usage, "--l1-ratio must be a number from 0 to 1")
            }
            return l1Ratio
        }
        switch penalty {
        case nil, "none", "l2": return 0
        case "l1": return 1
        case "elasticnet": return 0.5
        default: throw CommandError(.usage, "--penalty must be none, l2, l1 or elasticnet")
        }
    }
}
