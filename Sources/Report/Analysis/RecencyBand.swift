import Learning

/// The customers who were last seen so many days ago, and how well the model tells them apart.
package struct RecencyBand: Sendable, Equatable {
    /// Days, the lower bound included.
    package var from: Double
    /// Infinite in the last band.
    package var to: Double
    package var rows = 0
    package var churned = 0
    package var meanProbability = 0.0
    /// Within the band alone; nil where a class is missing.
    package var auc: Double?
    package var interval: ClosedRange<Double>?

    package var churnShare: Double { Double(churned) / Double(rows) }

    private static let edges: [Double] = [0, 1, 3, 7, 14, 21, 30, 60, 90, 180, 365, .infinity]

    /// The bands that have rows, the most recent first.
    ///
    /// - Parameter days: since the last activity, NaN where unknown; such rows are in no band.
    package static func all(_ days: [Double], _ probabilities: [Double], _ labels: [Bool]) -> [RecencyBand] {
        zip(edges, edges.dropFirst()).compactMap { from, to in
            let rows = days.indices.filter { days[$0] >= from && days[$0] < to }
            if rows.isEmpty { return nil }
            var band = RecencyBand(from: from, to: to)
            band.rows = rows.count
            band.churned = rows.count { labels[$0] }
            band.meanProbability = rows.reduce(0) { $0 + probabilities[$1] } / Double(rows.count)
            let deLong = DeLong(RankedScores(rows.map { probabilities[$0] }, rows.map { labels[$0] }))
            band.auc = deLong?.auc
            band.interval = deLong?.interval
            return band
        }
    }
}
