import Bytes

extension PromotionGate {
    /// The gate between two model files on rows that both were scored on.
    ///
    /// What is left to say is when the champion was promoted (`championAgeDays`) and whether a reason is wanted.
    package init(_ rows: JudgedRows, _ candidate: ModelFile, champion: ModelFile?, costs: Costs? = nil) {
        self.init(labels: rows.labels, candidate: rows.candidate, champion: rows.champion)
        goldenRowsReproduce = candidate.contents.goldenRowsReproduce
        guard let champion, let theirs = rows.champion else { return }
        isSameDefinition = candidate.contents.isSameDefinition(as: champion.contents)
        guard let costs else { return }
        candidateProfits = costs.profits(rows.candidate, rows.labels, threshold: candidate.model.threshold.value)
        championProfits = costs.profits(theirs, rows.labels, threshold: champion.model.threshold.value)
    }
}

extension ModelContents {
    /// Whether window, horizon and population are the same; the features may differ.
    package func isSameDefinition(as other: ModelContents) -> Bool {
        definition == other.definition && horizonDays == other.horizonDays
    }

    /// The first day that none of the labels the model was trained or chosen on looks into, since 1970-01-01.
    ///
    /// Nil where its data has no dates, or was made up: it has seen no customer then.
    package var firstDayUnseen: Int? {
        guard let definition, data.source == .database else { return nil }
        let dates = split.train.dates + (split.validation?.dates ?? [])
        let days = dates.compactMap { CivilTime(rfc3339: Array($0.utf8).span)?.daysSince1970 }
        return days.max().map { $0 + definition.horizonDays }
    }

    /// Whether the golden rows come out to 1e-12.
    var goldenRowsReproduce: Bool {
        let model = model
        return golden.allSatisfy { row in row.score(model).map { abs($0 - row.probability) <= 1e-12 } ?? false }
    }
}
