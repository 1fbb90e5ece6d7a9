import Learning

/// What the threshold chosen comes to, beside 0.5, beside naming nobody, and along the whole range.
struct ThresholdSection {
    private let judged: JudgedModel
    private var judgement: ModelJudgement { judged.judgement }

    init(_ judged: JudgedModel) { self.judged = judged }

    var markup: Markup {
        section("thresholds", "Thresholds", lead) {
            decisions
            Tag.h3("The whole range")
            range
            if let costs = judgement.costs { money(costs) }
        }
    }

    private var lead: Markup {
        """
        From \(Format.number(judgement.threshold.value, decimals: 4)) on a customer is named and counts as high \
        risk, from \(Format.number(judgement.threshold.medium, decimals: 4)) on as medium. It follows the rule \
        \(Tag.code(Markup(judgement.threshold.rule.rawValue)))\(chosenOn)
        """
    }

    private var chosenOn: Markup {
        switch judgement.threshold.rule {
        case .half: return "."
        case .profit: return ": there an offer starts to pay."
        case .capacity:
            guard let capacity = judgement.threshold.capacity else { break }
            return ": a scoring run names exactly \(Format.count(capacity)), those with the highest expected loss."
        case .f1, .youden: break
        }
        if let dates = judged.contents.split.validation?.dates, let last = dates.last {
            return " on the validation rows of \(last)."
        }
        guard case .outOfFold = judged.basis else { return " on the training rows, out of fold." }
        return " on these same rows, out of fold: measures at the threshold are a little too kind."
    }

    private var decisions: Markup {
        var table = table("Three ways to decide")
        for decision in judgement.decisions {
            let threshold = decision.threshold.map { Format.number($0, decimals: 4) }
            let name: Markup =
                switch decision.name {
                case .chosen: "chosen, \(threshold ?? Format.none)"
                case .half: "0.5"
                case .nobody: "name nobody"
                }
            add(name, decision.confusion, to: &table, isMarked: decision.name == .chosen)
        }
        return table.markup
    }

    private var range: Markup {
        var table = table("Every twentieth of the range")
        var end: Double?
        for (place, row) in judgement.curves.thresholds.enumerated() where (place + 1) % 5 == 0 && end == nil {
            if row.confusion.truePositives + row.confusion.falsePositives == 0 { end = row.threshold }
            add(Markup(Format.number(row.threshold, decimals: 2)), row.confusion, to: &table)
        }
        return Markup {
            table.markup
            if let end, end < 0.95 { Tag.p("From \(Format.number(end, decimals: 2)) on nobody is named.") }
        }
    }

    private func table(_ caption: String) -> TableMarkup {
        guard judgement.costs == nil else {
            return TableMarkup(
                caption, .words("Threshold"), .number("Named"), .number("Right"), .number("Mistaken"),
                .number("Missed"),
                .number("Precision"), .number("Recall"), .number("F1"), .number("Accuracy"),
                .number("Profit a customer"))
        }
        return TableMarkup(
            caption, .words("Threshold"), .number("Named"), .number("Right"), .number("Mistaken"), .number("Missed"),
            .number("Precision"), .number("Recall"), .number("F1"), .number("Accuracy"))
    }

    private func add(_ name: Markup, _ confusion: Confusion, to table: inout TableMarkup, isMarked: Bool = false) {
        var cells: [Markup] = [
            name, Markup(Format.count(confusion.truePositives + confusion.falsePositives)),
            Markup(Format.count(confusion.truePositives)), Markup(Format.count(confusion.falsePositives)),
            Markup(Format.count(confusion.falseNegatives)), Markup(Format.percent(confusion.precision)),
            Markup(Format.percent(confusion.recall)), Markup(Format.number(confusion.f1, decimals: 3)),
            Markup(Format.percent(confusion.accuracy)),
        ]
        if let costs = judgement.costs { cells.append(Markup(Format.number(costs.profit(confusion), decimals: 2))) }
        table.add(cells, isMarked: isMarked)
    }

    private func money(_ costs: Costs) -> Markup {
        Tag.p(
            """
            Costs given: a customer who stays is worth \(Format.plain(costs.customerValue)), an offer that is \
            taken costs \(Format.plain(costs.offer)), approaching somebody \(Format.plain(costs.contact)); \
            \(Format.percent(costs.acceptance, decimals: 0)) of those who would leave take the offer and stay. \
            With these an offer pays from a chance of \(Format.percent(costs.threshold)) on.
            """
        )
    }
}
