import JSON
import Learning
import Postgres

/// What `churn promote` was told.
package struct PromoteRequest: Sendable {
    let choice: ModelChoice
    /// Whether the gate is to be asked.
    let ifBetter: Bool
    let costs: CostRequest
    let maxAgeDays: Int

    package init(_ choice: ModelChoice, ifBetter: Bool, costs: CostRequest, maxAge: String) throws(CommandError) {
        self.choice = choice
        self.ifBetter = ifBetter
        self.costs = costs
        maxAgeDays = try CommandText.days(maxAge, option: "--max-age", least: 0)
    }
}

/// `churn promote`: makes a model the champion, and every running server serves it within a second.
package enum Promote {
    package static func run(
        _ request: PromoteRequest, _ options: CommandOptions
    ) throws(CommandError) -> CommandOutcome {
        let costs = try request.costs.costs()
        var session = try CommandSession(options, command: "promote")
        let watermark = try session.watermark()
        return try decide(request, costs, &session).outcome.known(upTo: watermark)
    }

    private static func decide(
        _ request: PromoteRequest, _ costs: Costs?, _ session: inout CommandSession
    ) throws(CommandError) -> PromotionReport {
        let champion = try session.perform(ModelRegistry.champion)
        guard let record = try session.perform(request.choice.find) else {
            // A step of a schedule that is run again finds its work done.
            guard request.choice == .candidate, let champion else { throw request.choice.absence }
            return unchanged(champion, "no model is a candidate: the champion stays")
        }
        if record.entry == champion { return unchanged(record.entry, nil) }
        // A model whose file cannot be read must not become champion: no server would take it.
        let model = try RegisteredModel(record, &session)
        guard request.ifBetter else { return try promote(model.entry, replacing: champion, gate: nil, [], &session) }
        let judging = try Judging.judge(
            model, against: try RegisteredModel.find(.champion, &session), costs: costs,
            maxAgeDays: request.maxAgeDays, &session)
        if judging.verdict.passed {
            let gate = judging.verdict.json
            return try promote(
                model.entry, replacing: judging.champion?.entry, gate: gate, judging.warnings, &session)
        }
        return try refuse(judging, &session)
    }

    private static func promote(
        _ model: ModelRegistry.Entry, replacing champion: ModelRegistry.Entry?, gate: JSONValue?,
        _ warnings: [String], _ session: inout CommandSession
    ) throws(CommandError) -> PromotionReport {
        let change = try session.perform { connection throws(PostgresError) in
            try ModelRegistry.promote(model, replacing: champion, gate: gate, &connection)
        }
        guard let change else {
            throw CommandError(.busy, "the champion was changed by somebody else meanwhile", code: "champion_changed")
        }
        return PromotionReport(
            status: .done, champion: change.champion, previous: change.previous, forced: gate == nil, gate: gate,
            at: change.at, warnings: warnings)
    }

    private static func unchanged(_ champion: ModelRegistry.Entry, _ warning: String?) -> PromotionReport {
        PromotionReport(status: .unchanged, champion: champion, warnings: warning.map { [$0] } ?? [])
    }

    /// The champion stays; a candidate that the gate could judge is refused for good, unless it is named again.
    private static func refuse(
        _ judging: Judging, _ session: inout CommandSession
    ) throws(CommandError) -> PromotionReport {
        let model = judging.candidate.entry
        if judging.isDecidable {
            _ = try session.perform { connection throws(PostgresError) in
                try ModelRegistry.refuse(model, &connection)
            }
        }
        return PromotionReport(
            status: .refused, champion: judging.champion?.entry, refused: model, gate: judging.verdict.json,
            warnings: judging.warnings, lines: judging.verdict.lines)
    }
}
