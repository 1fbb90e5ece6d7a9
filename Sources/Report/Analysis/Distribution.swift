package import Learning

/// How the values of a numeric feature lie among those who left and those who stayed.
package struct Distribution: Sendable, Equatable {
    /// The bins' bounds, one more than bins; empty without values.
    package var edges: [Double] = []
    /// Rows a bin; those beyond the first and last edge count in the outermost bins.
    package var stayed: [Int] = []
    package var churned: [Int] = []
    package var missing = 0
    /// How many of those without a value left.
    package var missingChurned = 0
    /// Values below the smallest or above the largest of training.
    package var outside = 0
    package var median: Double?
    package var medianOfChurned: Double?
    package var medianOfStayed: Double?
    /// The standard deviation of the values; nil with fewer than two.
    package var deviation: Double?
    /// Whether every value is a whole number.
    package var isWhole = false

    private static let binsMax = 20

    /// - Parameters:
    ///   - values: NaN where there is none.
    ///   - summary: of the training rows.
    package init(_ values: [Double], _ labels: [Bool], trainedOn summary: NumberSummary?) {
        let known = values.indices.filter { !values[$0].isNaN }
        missing = values.count - known.count
        missingChurned = values.indices.count { values[$0].isNaN && labels[$0] }
        let sorted = known.map { values[$0] }.sorted()
        guard let smallest = sorted.first, let largest = sorted.last else { return }
        // Beyond 2^50 every Double is whole, and a half next to it is none.
        isWhole = sorted.allSatisfy { $0 == $0.rounded() && $0.magnitude < 0x1p50 }
        median = quantile(0.5, ofSorted: sorted)
        medianOfChurned = Self.median(known.filter { labels[$0] }.map { values[$0] })
        medianOfStayed = Self.median(known.filter { !labels[$0] }.map { values[$0] })
        deviation = Self.deviation(sorted)
        if let summary { outside = sorted.count { $0 < summary.minimum || $0 > summary.maximum } }
        if isWhole, largest - smallest < Double(Self.binsMax) {
            let bins = Int(largest - smallest) + 1
            edges = (0...bins).map { smallest - 0.5 + Double($0) }
        } else {
            let (low, high) = (quantile(0.01, ofSorted: sorted), quantile(0.99, ofSorted: sorted))
            edges = low.isFinite && high.isFinite ? Self.edges(low, high) : Self.edges(smallest, largest)
        }
        stayed = Array(repeating: 0, count: edges.count - 1)
        churned = stayed
        for row in known {
            let bin = bin(values[row])
            if labels[row] { churned[bin] += 1 } else { stayed[bin] += 1 }
        }
    }

    /// Equal bins from one value to the other, or one bin around both if they are the same.
    private static func edges(_ low: Double, _ high: Double) -> [Double] {
        let width = high / Double(binsMax) - low / Double(binsMax)
        guard width > 0, low + width > low, high - width < high else { return [low, max(high, low + 1, low.nextUp)] }
        return (0...binsMax).map { edge in
            let share = Double(edge) / Double(binsMax)
            return low * (1 - share) + high * share
        }
    }

    private func bin(_ value: Double) -> Int {
        let bins = edges.count - 1
        // Halves, since the whole range may be beyond that of Double.
        let place = (value / 2 - edges[0] / 2) / (edges[bins] / 2 - edges[0] / 2) * Double(bins)
        return Int(min(max(place, 0), Double(bins - 1)))
    }

    private static func median(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : quantile(0.5, ofSorted: values.sorted())
    }

    private static func deviation(_ values: [Double]) -> Double? {
        guard values.count > 1 else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(values.count - 1)).squareRoot()
        return deviation.isFinite ? deviation : nil
    }
}
