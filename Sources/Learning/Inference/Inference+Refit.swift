extension Inference {
    /// Refits without a penalty to the rows that a model was fitted to.
    ///
    /// - Parameter customers: whose each row of the table is.
    package init(
        refitting table: EncodedTable, labels: [Bool], customers: [Int32], rows: [Int32], runner: LoopRunner = .serial
    ) {
        var settings = FitSettings()
        settings.runner = runner
        let number = RawTable.customerCount(customers, rows)
        do throws(TrainingError) {
            let fit = try LogisticFit(table, labels: labels, rows: rows, lambda: 0, settings)
            guard number > fit.design.width else {
                self.init(reason: "\(number) customers are too few for \(fit.design.width) effects", customers: number)
                return
            }
            let covariance = ClusteredCovariance(
                fit, table, labels: labels, customers: customers, rows: rows, runner: runner)
            let features = table.schema.features.indices
            self.init(customers: number, effects: features.map { Self.effects($0, fit, covariance) })
        } catch {
            self.init(reason: error.reasonForNoRefit, customers: number)
        }
    }

    private static func effects(_ feature: Int, _ fit: LogisticFit, _ covariance: ClusteredCovariance) -> Effects {
        let description = fit.design.schema.features[feature]
        let places = fit.design.columns.indices.filter { fit.design.columns[$0].feature == feature }
        var terms = [WaldTerm?](repeating: nil, count: description.columnCount)
        guard !places.isEmpty else { return Effects(feature: description.name, terms: terms) }
        if description.isCategory {
            let contrasts = LevelContrasts(feature, fit.design)
            for level in terms.indices {
                let name = level < description.levels.count ? description.levels[level] : "(missing)"
                terms[level] = contrasts[level].flatMap { term($0, fit, covariance, level: name) }
            }
        } else {
            let scale = fit.design.standardizer.scales[fit.design.columns[places[0]].place]
            var contrast = [Double](repeating: 0, count: fit.design.width)
            contrast[places[0]] = 1 / scale
            terms[0] = term(contrast, fit, covariance, deviation: scale)
        }
        return Effects(feature: description.name, terms: terms)
    }

    private static func term(
        _ contrast: [Double], _ fit: LogisticFit, _ covariance: ClusteredCovariance, level: String? = nil,
        deviation: Double? = nil
    ) -> WaldTerm? {
        guard let error = covariance.standardError(contrast) else { return nil }
        let weight = zip(contrast, fit.solution.parameters).reduce(0) { $0 + $1.0 * $1.1 }
        return WaldTerm(level: level, weight: weight, standardError: error, deviation: deviation)
    }
}

/// The effect of each level of a category against the mean of its levels, as sums of standardised weights.
///
/// Without a penalty the last level has no column of its own: the others determine it. A level before it that has none is
/// determined by other features, and no data can tell their effects apart; the mean is over the rest.
private struct LevelContrasts {
    private let width: Int
    /// The place of each level's column in the design.
    private var places: [Int?]
    private let shares: [Double]
    private let scales: [Double]
    private let reference: Int?

    init(_ feature: Int, _ design: DesignMatrix) {
        width = design.width
        let features = design.schema.features
        let start = features[..<feature].reduce(0) { $0 + $1.columnCount }
        let range = start..<start + features[feature].columnCount
        shares = Array(design.standardizer.means[range])
        scales = Array(design.standardizer.scales[range])
        places = range.map { _ in nil }
        for (place, column) in design.columns.enumerated() where column.feature == feature {
            if let level = column.level { places[level] = place }
        }
        let places = places
        let scales = scales
        reference = range.indices.map { $0 - start }.last { places[$0] == nil && scales[$0] > 0 }
    }

    /// Nil for a level that has no effect of its own.
    subscript(level: Int) -> [Double]? {
        guard places[level] != nil || level == reference else { return nil }
        let known = places.indices.filter { places[$0] != nil || $0 == reference }
        let total = known.reduce(0) { $0 + shares[$1] }
        var contrast = [Double](repeating: 0, count: width)
        for other in known {
            guard let place = places[other] else { continue }
            contrast[place] = ((other == level ? 1 : 0) - shares[other] / total) / scales[other]
        }
        return contrast
    }
}

extension TrainingError {
    /// What kept a refit without a penalty from ending.
    fileprivate var reasonForNoRefit: String {
        if case .separable(let columns) = self {
            return "without a penalty the fit does not end: \(columns.joined(separator: "; ")) separates the classes"
        }
        return "the fit without a penalty: \(self)"
    }
}
