import Learning

/// What a promotion would check, and how each check came out.
struct GateSection {
    private let judged: JudgedModel

    init(_ judged: JudgedModel) { self.judged = judged }

    var markup: Markup {
        section("gate", "Gate") {
            if let gate = judged.gate {
                Tag.p {
                    gate.passed ? Tag.span("Passed", .class("yes")) : Tag.span("Refused", .class("no"))
                    ": \(Format.words(gate.reason)). \(compared(gate))"
                }
                table(gate).markup
            } else {
                Tag.p("The gate was not asked: it compares models of the registry on rows that neither has seen.")
            }
        }
    }

    private func compared(_ gate: GateVerdict) -> Markup {
        if gate.first { return "There is no champion yet, so the checks are those of a first one." }
        guard let champion = judged.champion else { return .nothing }
        return
            """
            Compared with the champion \(Tag.code(Markup(JudgedModel.name(champion.version, champion.number)))) \
            on the same rows.
            """
    }

    private func table(_ gate: GateVerdict) -> TableMarkup {
        var table = TableMarkup(
            "Checks of the gate, bounds one-sided 95 %", .words("Check"), .words("Passed"), .words("What it says"),
            .number("Candidate"), .number("Champion"), .number("Difference"), .number("Bounds"), .number("Limit"))
        for check in gate.checks {
            let bounds = check.low.flatMap { low in check.high.map { low...max(low, $0) } }
            // The reason compares ages in days, the others measures.
            let isAge = check.name == .reason
            let number = { value in Markup(isAge ? days(value) : Format.number(value, decimals: 4)) }
            table.add(
                Markup(name(check.name)),
                check.passed ? Tag.span("yes", .class("yes")) : Tag.span("no", .class("no")),
                Markup(Format.words(check.text)), number(check.candidate), number(check.champion),
                number(check.difference),
                Markup(Format.interval(bounds, decimals: 4)), number(check.limit))
        }
        return table
    }

    private func days(_ value: Double?) -> String {
        value.map { Format.count(Int($0), of: "day") } ?? Format.none
    }

    private func name(_ check: GateCheck.Name) -> String {
        switch check {
        case .golden: "Golden rows"
        case .definition: "Definition"
        case .auc: "AUC"
        case .logLoss: "Log loss"
        case .profit: "Profit"
        case .reason: "Reason"
        }
    }
}
