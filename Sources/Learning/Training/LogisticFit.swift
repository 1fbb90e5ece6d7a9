/// A logistic regression fitted to some rows of a table.
package struct LogisticFit: Sendable {
    /// In the units of the raw inputs.
    package let parameters: LogisticParameters
    /// The weight of each feature's columns on the standardised scale; 0 for those left out.
    package let standardised: [[Double]]
    /// The reason for each feature that has no weight.
    package let unused: [String?]
    package let solution: NewtonSolver.Solution
    /// The columns that the parameters of the solution belong to.
    package let design: DesignMatrix

    /// Fits with penalty `lambda`.
    ///
    /// - Parameters:
    ///   - start: the solution of a like design, to begin from; taken only if it has the same width.
    ///   - settings: the kind of penalty, the weights of the rows, and the threads.
    package init(
        _ table: EncodedTable, labels: [Bool], rows: [Int32], lambda: Double, start: [Double]? = nil,
        _ settings: FitSettings = FitSettings()
    ) throws(TrainingError) {
        var design = DesignMatrix(
            table, labels: labels, rows: rows, weights: settings.weights(labels, rows), runner: settings.runner)
        var redundant: Set<Int> = []
        if lambda == 0 {
            let dependent = Self.dependentColumns(of: design, settings.runner)
            for column in dependent { redundant.insert(design.columns[column].feature) }
            design = design.removing(dependent)
        }
        let share = design.churnShare
        precondition(share > 0 && share < 1, "a fit needs both classes")
        var initial = [Double](repeating: 0, count: design.width)
        initial[design.width - 1] = Elementary.log(share) - Elementary.log1p(-share)
        if let start, start.count == design.width { initial = start }
        solution = try Self.solve(design, lambda, initial, settings)
        self.design = design
        standardised = Self.weights(design, solution.parameters)
        unused = Self.reasons(design, redundant, standardised)
        parameters = Self.fold(design, standardised, intercept: solution.parameters[design.width - 1])
    }

    private static func solve(
        _ design: DesignMatrix, _ lambda: Double, _ start: [Double], _ settings: FitSettings
    ) throws(TrainingError) -> NewtonSolver.Solution {
        let objective = Objective(design, lambda: lambda * (1 - settings.l1Ratio), runner: settings.runner)
        do throws(NewtonSolver.Failure) {
            return try NewtonSolver.minimise(
                from: start, absolute: lambda * settings.l1Ratio, tolerance: settings.tolerance
            ) { objective.evaluate($0, hasHessian: $1) }
        } catch {
            switch error {
            case .separable(let parameter):
                let column = design.columns.isEmpty ? nil : design.columns[parameter]
                throw .separable(columns: [column.map { name($0, design.schema) } ?? "the intercept"])
            case .notConverged(let iterations, let gradient, let value):
                throw .notConverged(iterations: iterations, gradient: gradient, objective: value)
            }
        }
    }

    /// `tenure`, or `Contract = Two year`.
    private static func name(_ column: DesignMatrix.Column, _ schema: FeatureSchema) -> String {
        let feature = schema.features[column.feature]
        guard let level = column.level else { return feature.name }
        return "\(feature.name) = \(level < feature.levels.count ? feature.levels[level] : "(missing)")"
    }

    /// The columns that others before them determine; at the origin the Hessian is a quarter of the correlations.
    private static func dependentColumns(of design: DesignMatrix, _ runner: LoopRunner) -> Set<Int> {
        let origin = [Double](repeating: 0, count: design.width)
        return Objective(design, lambda: 0, runner: runner).evaluate(origin).hessian?.dependentRows() ?? []
    }

    private static func reasons(
        _ design: DesignMatrix, _ redundant: Set<Int>, _ weights: [[Double]]
    ) -> [String?] {
        var used = [Bool](repeating: false, count: design.schema.count)
        for column in design.columns { used[column.feature] = true }
        return design.schema.features.indices.map { feature in
            if used[feature] { return weights[feature].allSatisfy { $0 == 0 } ? "penalised to zero" : nil }
            if redundant.contains(feature) { return "redundant" }
            return design.schema.features[feature].kind == .number(nil) ? "empty" : "constant"
        }
    }

    private static func weights(_ design: DesignMatrix, _ parameters: [Double]) -> [[Double]] {
        var weights = design.schema.features.map { [Double](repeating: 0, count: $0.columnCount) }
        for (column, weight) in zip(design.columns, parameters) { weights[column.feature][column.level ?? 0] = weight }
        return weights
    }

    /// Folds means and scales into weights and intercept.
    ///
    /// A level that no row had gets the mean of the others: like any unseen level it contributes nothing.
    private static func fold(
        _ design: DesignMatrix, _ standardised: [[Double]], intercept: Double
    ) -> LogisticParameters {
        let standardizer = design.standardizer
        var intercept = intercept
        var place = 0
        var effects: [LogisticParameters.Effect] = []
        for (feature, weights) in zip(design.schema.features, standardised) {
            let places = place..<place + weights.count
            place = places.upperBound
            let means = Array(standardizer.means[places])
            var raw = zip(weights, standardizer.scales[places]).map { $1 > 0 ? $0 / $1 : 0 }
            var center = 0.0
            for (weight, mean) in zip(raw, means) { center += weight * mean }
            intercept -= center
            guard feature.isCategory else {
                effects.append(.number(weight: raw[0], mean: means[0]))
                continue
            }
            for level in raw.indices where means[level] == 0 { raw[level] = center }
            effects.append(.category(weights: raw, shares: means))
        }
        return LogisticParameters(intercept: intercept, effects: effects)
    }
}
