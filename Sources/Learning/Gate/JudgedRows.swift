/// The rows that models are judged on: one for each customer, scored by each model as a request would be.
///
/// Rows that one of the models refuses are left out for both, so that they stand on the same ones.
package struct JudgedRows: Sendable {
    /// Which rows of the table they are.
    package let rows: [Int32]
    package let labels: [Bool]
    package let candidate: [Double]
    /// Nil without a champion.
    package let champion: [Double]?
    /// Days without activity, NaN where unknown; nil when the table does not have them.
    package let recency: [Double]?
    /// How many rows a model refused.
    package let refused: Int

    /// - Parameter rows: of the table; nil for the last row of each customer.
    package init(
        _ table: RawTable, rows: [Int32]? = nil, candidate: LogisticModel, champion: LogisticModel? = nil
    ) throws(TableMismatch) {
        let all = rows ?? table.lastRows()
        let ours = try candidate.probabilities(of: table, rows: all)
        var theirs: [Double]?
        if let champion { theirs = try champion.probabilities(of: table, rows: all) }
        let kept = all.indices.filter { !ours[$0].isNaN && theirs?[$0].isNaN != true }
        refused = all.count - kept.count
        self.rows = kept.map { all[$0] }
        labels = self.rows.map { table.labels[Int($0)] }
        self.candidate = kept.map { ours[$0] }
        self.champion = theirs.map { theirs in kept.map { theirs[$0] } }
        recency = table.numbers(Baselines.recencyFeature).map { days in kept.map { days[Int(all[$0])] } }
    }

    /// Quality and all that a page shows of the candidate.
    package func judgement(_ threshold: Threshold, costs: Costs? = nil) -> ModelJudgement {
        ModelJudgement(candidate, labels, threshold: threshold, costs: costs, recency: recency)
    }
}
