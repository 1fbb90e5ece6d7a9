import Learning

/// Every measure with its interval, beside what can be had without the model.
struct QualitySection {
    private let judged: JudgedModel
    private var quality: Quality { judged.quality }
    private var confusion: Confusion { judged.quality.confusion }

    init(_ judged: JudgedModel) { self.judged = judged }

    var markup: Markup {
        section("quality", "Quality", lead) {
            table.markup
            Tag.p(
                """
                Constant: the share of those who left, said of everybody. Recency: the customers ordered by days \
                since their last activity alone; an order has no probabilities, so some cells are empty. \(champion) \
                AUC interval: DeLong on the logit scale; shares: Wilson; log loss and Brier score: mean and standard \
                error over rows.
                """,
                .class("lead"))
        }
    }

    private var champion: Markup {
        guard let champion = judged.champion else { return "No champion was compared." }
        return "Champion: \(Tag.code(Markup(JudgedModel.name(champion.version, champion.number)))) on the same rows."
    }

    private var lead: Markup {
        """
        \(Format.count(quality.rows, of: "row")), \(Format.count(quality.churned)) of them left. Precision, recall \
        and their kin are at the threshold \(Format.number(judged.judgement.threshold.value, decimals: 4)).
        """
    }

    private var share: Double? { quality.rows > 0 ? Double(quality.churned) / Double(quality.rows) : nil }

    private var table: TableMarkup {
        var table = TableMarkup(
            "Measures, and what they are without the model", .words("Measure"), .number("This model"),
            .number("95 % interval"), .number("Constant"), .number("Recency"), .number("Champion"))
        let rows = judged.rows
        let losses = Measures.logLosses(rows.probabilities, rows.labels)
        let squares = zip(rows.probabilities, rows.labels).map { ($0 - ($1 ? 1 : 0)) * ($0 - ($1 ? 1 : 0)) }
        let recency = recencyRanking
        let auc = quality.aucLow.flatMap { low in quality.aucHigh.map { low...max(low, $0) } }
        add(
            "AUC-ROC", \.auc, auc, constant: quality.auc == nil ? nil : 0.5, recency.flatMap { DeLong($0)?.auc }, 3,
            to: &table)
        add(
            "PR-AUC (average precision)", \.prAUC, nil, constant: share, recency.flatMap(Measures.averagePrecision), 3,
            to: &table)
        add("log loss", \.logLoss, Interval.mean(of: losses), constant: quality.logLossConstant, nil, 4, to: &table)
        add(
            "Brier score", \.brier, Interval.mean(of: squares), constant: share.map { $0 * (1 - $0) }, nil, 4,
            to: &table)
        add("calibration error (ECE)", \.ece, nil, constant: quality.rows > 0 ? 0 : nil, nil, 4, to: &table)
        add(
            "lift of the highest tenth", \.lift10, nil, constant: share.flatMap { $0 > 0 ? 1 : nil },
            recency.flatMap(Measures.lift), 2, to: &table)
        percent("accuracy", \.accuracy, confusion.truePositives + confusion.trueNegatives, confusion.count, to: &table)
        percent(
            "precision", \.precision, confusion.truePositives, confusion.truePositives + confusion.falsePositives,
            to: &table)
        percent(
            "recall", \.recall, confusion.truePositives, confusion.truePositives + confusion.falseNegatives, to: &table)
        percent(
            "specificity", \.specificity, confusion.trueNegatives, confusion.trueNegatives + confusion.falsePositives,
            to: &table)
        add("F1", \.f1, nil, constant: nil, nil, 3, to: &table)
        if judged.judgement.costs != nil {
            add("profit per customer", \.profit, nil, constant: nil, nil, 3, to: &table)
            add("expected maximum profit (EMPC)", \.empc, nil, constant: nil, nil, 3, to: &table)
        }
        return table
    }

    /// The rows with a known recency, longest silence first.
    private var recencyRanking: RankedScores? {
        guard let recency = judged.recency else { return nil }
        let known = recency.indices.filter { !recency[$0].isNaN }
        return RankedScores(known.map { recency[$0] }, known.map { judged.rows.labels[$0] })
    }

    private func add(
        _ name: Markup, _ measure: KeyPath<Quality, Double?>, _ interval: ClosedRange<Double>?, constant: Double?,
        _ recency: Double?, _ decimals: Int, to table: inout TableMarkup
    ) {
        let number = { Markup(Format.number($0, decimals: decimals)) }
        table.add(
            name, number(quality[keyPath: measure]), Markup(Format.interval(interval, decimals: decimals)),
            number(constant), number(recency), number(judged.champion?.quality[keyPath: measure]))
    }

    private func percent(
        _ name: Markup, _ measure: KeyPath<Quality, Double?>, _ part: Int, _ whole: Int, to table: inout TableMarkup
    ) {
        table.add(
            name, Markup(Format.percent(quality[keyPath: measure])),
            Markup(Format.interval(percent: Interval.share(part, of: whole))), Markup(Format.none), Markup(Format.none),
            Markup(Format.percent(judged.champion?.quality[keyPath: measure])))
    }
}
