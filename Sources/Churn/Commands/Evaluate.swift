import JSON
import Learning
import Linux
import Postgres

/// What `churn evaluate` was told.
package struct EvaluateRequest: Sendable {
    /// Nil for the newest candidate, else the champion.
    let choice: ModelChoice?
    /// Days since 1970-01-01; nil for the newest date that can judge.
    let day: Int?
    /// A table in place of a date.
    let file: EvaluatedFile?
    let costs: CostRequest
    let maxAgeDays: Int
    /// Where the HTML page goes; nil for nowhere.
    let report: String?
    /// The words of the command, which the page repeats.
    let command: String

    package init(
        _ choice: ModelChoice?, asOf: String?, csv: String? = nil, label: String? = nil, positive: String? = nil,
        id: String? = nil, costs: CostRequest, maxAge: String, report: String?, command: String
    ) throws(CommandError) {
        if csv != nil, asOf != nil { throw CommandError(.usage, "give either --as-of or --csv") }
        if csv == nil, label != nil || positive != nil || id != nil {
            throw CommandError(.usage, "--label, --positive and --id belong to --csv")
        }
        file = csv.map { EvaluatedFile(path: $0, label: label, positive: positive, id: id) }
        self.choice = choice
        self.report = report
        self.command = command
        day = try asOf.map { text throws(CommandError) in try CommandText.day(text, option: "--as-of") }
        self.costs = costs
        maxAgeDays = try CommandText.days(maxAge, option: "--max-age", least: 0)
    }
}

/// `churn evaluate`: how well a model does on a date of which it is known who left, and whether the gate lets it pass; or
/// on a table that says who left.
package enum Evaluate {
    package static func run(
        _ request: EvaluateRequest, _ options: CommandOptions
    ) throws(CommandError) -> CommandOutcome {
        let started = Clock.monotonicNanoseconds()
        let costs = try request.costs.costs()
        var session = try CommandSession(options, command: "evaluate", isExclusive: false)
        let model = try find(request.choice, &session)
        let champion = try RegisteredModel.find(.champion, &session)
        let rival = champion?.entry == model.entry ? nil : champion
        let evaluation: Evaluation
        if let file = request.file {
            let judged = try JudgedFile(file, model, rival: rival, costs: costs)
            evaluation = Evaluation(model, on: judged, champion: rival, costs: costs)
        } else {
            evaluation = try evaluate(request, model, rival: rival, costs, &session)
        }
        let watermark = try session.watermark()
        if let path = request.report {
            // A table says nothing of the events of the database.
            let page = evaluation.page(command: request.command, watermark: request.file == nil ? watermark : nil)
            try write(page, path)
        }
        return evaluation.outcome(
            report: request.report, seconds: Double(Clock.monotonicNanoseconds() - started) * 1e-9
        ).known(upTo: watermark)
    }

    /// On a date of the database, and what the gate says unless the model is the champion.
    ///
    /// - Parameter rival: the champion, where the model is another one.
    private static func evaluate(
        _ request: EvaluateRequest, _ model: RegisteredModel, rival: RegisteredModel?, _ costs: Costs?,
        _ session: inout CommandSession
    ) throws(CommandError) -> Evaluation {
        var judging: Judging?
        if model.record.state != .champion {
            judging = try Judging.judge(
                model, against: rival, costs: costs, maxAgeDays: request.maxAgeDays, &session)
        }
        let (definition, day, warning) = try day(request.day, model, judging, &session)
        let date: JudgedDate
        if let judged = judging?.date, judged.day == day {
            date = judged
        } else {
            let isSame = rival.map { model.file.contents.isSameDefinition(as: $0.file.contents) } ?? false
            date = try JudgedDate(definition, day: day, model, rival: isSame ? rival : nil, &session)
        }
        return Evaluation(
            model, on: date, champion: rival, judging, costs: costs, warnings: warning.map { [$0] } ?? [])
    }

    private static func write(_ bytes: [UInt8], _ path: String) throws(CommandError) {
        do throws(SystemError) {
            try File.write(path, bytes)
        } catch {
            throw CommandError(.inputOutput, "\(path): \(error.reason)", place: CommandError.Place(file: path))
        }
    }

    private static func find(
        _ choice: ModelChoice?, _ session: inout CommandSession
    ) throws(CommandError) -> RegisteredModel {
        if let choice {
            guard let model = try RegisteredModel.find(choice, &session) else { throw choice.absence }
            return model
        }
        if let candidate = try RegisteredModel.find(.candidate, &session) { return candidate }
        guard let champion = try RegisteredModel.find(.champion, &session) else {
            throw CommandError(.data, "no model is registered: churn train makes one", code: "no_such_model")
        }
        return champion
    }

    /// The date to look at: the one that was asked for, else that of the gate, else the newest that the model has not seen,
    /// else the newest.
    private static func day(
        _ asked: Int?, _ model: RegisteredModel, _ judging: Judging?, _ session: inout CommandSession
    ) throws(CommandError) -> (definition: SnapshotDefinition, day: Int, warning: String?) {
        let dates = try session.perform { (connection) throws(PostgresError) in
            try MatureDates.read(model.file.contents.definition, &connection)
        }
        guard let definition = dates.definition, let newest = dates.days.last else {
            throw CommandError(
                .data, "no date of this model's definition is mature: there is nothing to judge it by",
                code: "no_mature_date")
        }
        if let asked, !dates.days.contains(asked) {
            throw CommandError(
                .data, "\(CommandText.date(asked)) is not mature; mature are \(dates.text)", code: "not_mature")
        }
        let contents = model.file.contents
        let day = asked ?? judging?.date?.day ?? dates.newest(unseenBy: [contents]) ?? newest
        let isSeen = contents.firstDayUnseen.map { day < $0 } ?? false
        return (definition, day, isSeen ? "the model has seen what became of customers on this date or later" : nil)
    }
}
