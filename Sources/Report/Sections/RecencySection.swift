/// How well the model does among customers seen today, and among those not seen for weeks.
struct RecencySection {
    private let judged: JudgedModel

    init(_ judged: JudgedModel) { self.judged = judged }

    var markup: Markup {
        section(
            "recency", "By recency",
            """
            Telling leavers among customers who are already silent is easy. What counts is the AUC within each \
            band: there, recency itself says little.
            """
        ) {
            if let recency = judged.recency {
                let rows = judged.rows
                let bands = RecencyBand.all(recency, rows.probabilities, rows.labels)
                bands.isEmpty ? Tag.p("No row says when the customer was last active.") : table(bands).markup
            } else {
                Tag.p(
                    "The model has no feature \(Tag.code(Markup("days_since_last_activity"))), so there are no bands.")
            }
        }
    }

    private func table(_ bands: [RecencyBand]) -> TableMarkup {
        var table = TableMarkup(
            "Quality by days since the last activity", .words("Days silent"), .number("Rows"), .number("Left"),
            .number("Share left"), .number("Chance stated"), .number("AUC in the band"), .number("95 % interval"))
        for band in bands {
            table.add(
                band.to == .infinity
                    ? "\(Format.plain(band.from)) and more" : "\(Format.plain(band.from)) to \(Format.plain(band.to))",
                Markup(Format.count(band.rows)), Markup(Format.count(band.churned)),
                Markup(Format.percent(band.churnShare)), Markup(Format.percent(band.meanProbability)),
                Markup(Format.number(band.auc, decimals: 3)), Markup(Format.interval(band.interval, decimals: 3)))
        }
        return table
    }
}
