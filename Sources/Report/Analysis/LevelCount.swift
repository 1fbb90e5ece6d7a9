package import Learning

/// How many rows have a level of a category, and how many of them left.
package struct LevelCount: Sendable, Equatable {
    /// What a row has in this place.
    package enum Level: Sendable, Hashable {
        case known(String)
        case missing
        /// A level that training never saw; all such are one.
        case unseen
    }

    package var level: Level
    package var rows = 0
    package var churned = 0
    /// The share among training rows; nil where training had no such level.
    package var trainedShare: Double?
    /// What the level adds to the logit of an average customer; nil where the model does not know it.
    package var effect: Double?

    package var churnShare: Double? { rows > 0 ? Double(churned) / Double(rows) : nil }

    /// The levels of `feature` that training or these rows had, in the schema's order, then missing and unseen ones.
    package static func all(
        _ feature: Feature, _ effect: LogisticParameters.Effect, _ values: [String?], _ labels: [Bool]
    ) -> [LevelCount] {
        var counts = feature.levels.map { LevelCount(level: .known($0)) }
        counts += [LevelCount(level: .missing), LevelCount(level: .unseen)]
        var places: [Level: Int] = [:]
        for (place, count) in counts.enumerated() { places[count.level] = place }
        if case .category(let weights, let shares) = effect {
            let center = effect.atMean
            for (level, (weight, share)) in zip(weights, shares).enumerated() where share > 0 {
                counts[level].trainedShare = share
                counts[level].effect = weight - center
            }
        }
        for (value, label) in zip(values, labels) {
            let level = value.map(Level.known) ?? .missing
            let place = places[level] ?? counts.count - 1
            counts[place].rows += 1
            if label { counts[place].churned += 1 }
        }
        return counts.filter { $0.rows > 0 || $0.trainedShare != nil }
    }
}
