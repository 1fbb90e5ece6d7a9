import Learning

/// The charts of ranking, calibration and gains, each beside its numbers.
struct CurvesSection {
    private let judged: JudgedModel
    private var curves: Curves { judged.judgement.curves }

    init(_ judged: JudgedModel) { self.judged = judged }

    var markup: Markup {
        section("curves", "Curves", "The ring marks the model's own threshold, dashes what there is without a model.") {
            let quality = judged.quality
            let share = quality.rows > 0 ? Double(quality.churned) / Double(quality.rows) : 0
            let charts = CurveCharts(curves: curves, share: share, chosen: judged.confusion)
            if quality.rows == 0 {
                Tag.p("There are no rows to draw.")
            } else {
                roc(charts)
                precisionRecall(charts)
                calibration(charts)
                scores(charts)
                deciles(charts, share)
            }
        }
    }

    private func roc(_ charts: CurveCharts) -> Markup {
        if curves.roc.isEmpty { return absent("ROC curve") }
        var table = TableMarkup(
            "ROC by threshold", .words("Threshold"), .number("Leavers named"), .number("Others named"))
        for row in tenths {
            table.add(
                Markup(Format.plain(row.threshold)), Markup(Format.percent(row.confusion.recall)),
                Markup(Format.percent(row.confusion.specificity.map { 1 - $0 })))
        }
        return chart(
            "ROC curve", "How many of those who left are named, against how many of the others.", charts.roc, table)
    }

    private func precisionRecall(_ charts: CurveCharts) -> Markup {
        if curves.pr.isEmpty { return absent("Precision and recall") }
        var table = TableMarkup(
            "Precision and recall by threshold", .words("Threshold"), .number("Named"), .number("Precision"),
            .number("Recall"))
        for row in tenths {
            let named = row.confusion.truePositives + row.confusion.falsePositives
            table.add(
                Markup(Format.plain(row.threshold)), Markup(Format.count(named)),
                Markup(Format.percent(row.confusion.precision)), Markup(Format.percent(row.confusion.recall)))
        }
        return chart(
            "Precision and recall", "How many of those named leave, against how many of the leavers are named.",
            charts.precisionRecall, table)
    }

    private func calibration(_ charts: CurveCharts) -> Markup {
        var table = TableMarkup(
            "Calibration in ten groups of equal count", .words("Group"), .number("Rows"), .number("Stated"),
            .number("Left"), .number("95 % interval"))
        for (place, bin) in curves.calibration.enumerated() {
            let count = Double(bin.count)
            table.add(
                Markup("\(place + 1)"), Markup(Format.count(bin.count)), Markup(Format.percent(bin.meanProbability)),
                Markup(Format.percent(bin.churnShare)),
                Markup(Format.interval(percent: Interval.share(bin.churnShare * count, of: count))))
        }
        return chart(
            "Calibration", "What was stated, against what happened: on the dashes, a stated chance is the true one.",
            charts.calibration, table)
    }

    private func scores(_ charts: CurveCharts) -> Markup {
        var table = TableMarkup(
            "Probabilities by outcome", .words("Chance stated"), .number("Left"), .number("Stayed"),
            .number("Share left"))
        for first in stride(from: 0, to: curves.histogram.count, by: 2) {
            let pair = curves.histogram[first..<min(first + 2, curves.histogram.count)]
            let (left, stayed) = pair.reduce((0, 0)) { ($0.0 + $1.churned, $0.1 + $1.stayed) }
            table.add(
                Markup("\(first * 5) to \(Format.wholePercent(Double(first + 2) / 20))"), Markup(Format.count(left)),
                Markup(Format.count(stayed)),
                Markup(Format.percent(left + stayed > 0 ? Double(left) / Double(left + stayed) : nil)))
        }
        let drawing = Markup {
            outcomeLegend
            charts.scores(threshold: judged.judgement.threshold.value)
        }
        return chart(
            "Probabilities by outcome", "The share of each class at every chance; the further apart, the better.",
            drawing,
            table)
    }

    private func deciles(_ charts: CurveCharts, _ share: Double) -> Markup {
        var table = TableMarkup(
            "Gains by tenth, highest chance first", .words("Tenth"), .number("Rows"), .number("Left"),
            .number("Share left"), .number("Lift"), .number("Of all leavers so far"))
        var found = 0.0
        for (place, bin) in curves.deciles.enumerated() {
            let left = bin.churnShare * Double(bin.count)
            found += left
            let churned = Double(judged.quality.churned)
            table.add(
                Markup("\(place + 1)"), Markup(Format.count(bin.count)), Markup(Format.count(rounded(left))),
                Markup(Format.percent(bin.churnShare)),
                Markup(Format.number(share > 0 ? bin.churnShare / share : nil, decimals: 2)),
                Markup(Format.percent(churned > 0 ? min(1, found / churned) : nil)))
        }
        return chart(
            "Gains by tenth", "The customers in ten equal groups by chance: how many of each group left.",
            charts.deciles,
            table)
    }

    /// Sums of shares are whole but for rounding.
    private func rounded(_ count: Double) -> Double {
        abs(count - count.rounded()) < 1e-6 ? count.rounded() : count
    }

    /// The thresholds .1, .2, … .9, as far as they name somebody.
    private var tenths: [Curves.ThresholdRow] {
        curves.thresholds.enumerated().filter { place, row in
            (place + 1) % 10 == 0 && row.confusion.truePositives + row.confusion.falsePositives > 0
        }.map(\.element)
    }

    private func absent(_ name: Markup) -> Markup {
        Markup {
            Tag.h3(name)
            Tag.p("Not defined: \(judged.quality.reason ?? "there are no rows").")
        }
    }
}
