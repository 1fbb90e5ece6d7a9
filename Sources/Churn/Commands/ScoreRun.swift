import Bytes
import JSON
import Learning
import Linux
import Postgres

/// What `churn score --as-of` was told.
package struct ScoreRunRequest: Sendable {
    /// Days since 1970-01-01.
    let day: Int
    let choice: ModelChoice
    /// Whether nobody is to hear of the predictions.
    let isSilent: Bool

    /// - Parameter model: a version or a number; nil for the champion.
    package init(asOf: String, model: String?, noEvents: Bool) throws(CommandError) {
        day = try CommandText.day(asOf, option: "--as-of")
        choice = model.map { .named($0) } ?? .champion
        isSilent = noEvents
    }
}

/// `churn score --as-of`: a prediction for each snapshot of a date, stored like those of the service.
package enum ScoreRun {
    /// Customers of one transaction.
    static let pageRows = 1_000

    package static func run(
        _ request: ScoreRunRequest, _ options: CommandOptions
    ) throws(CommandError) -> CommandOutcome {
        let started = Clock.monotonicNanoseconds()
        var session = try CommandSession(options, command: "score")
        let watermark = try session.watermark()
        guard let model = try RegisteredModel.find(request.choice, &session) else { throw request.choice.absence }
        let (definition, customers) = try snapshots(request.day, model, &session)
        var run = ScoringRun(model.entry, definition, day: request.day)
        var isKnown = false
        (run, isKnown) = try session.perform { [run] (connection) throws(PostgresError) in
            var run = run
            let isKnown = try run.read(&connection)
            return (run, isKnown)
        }
        if !isKnown {
            let cut = try cut(run, model, &session)
            run = try session.perform { [run] (connection) throws(PostgresError) in
                var run = run
                try run.begin(customers: customers, cut: cut, &connection)
                return run
            }
        }
        let already = run.progress.scored
        let wasFinished = run.isFinished
        if !wasFinished { try score(&run, model, request, options, &session) }
        let gone = try gone(definition, request.day, &session)
        return ScoringReport(
            run: run, already: already, isUnchanged: wasFinished, gone: gone,
            warnings: customers == run.customers ? [] : ["the snapshots of the date were changed since the run began"],
            seconds: Double(Clock.monotonicNanoseconds() - started) * 1e-9
        ).outcome.known(upTo: watermark)
    }

    /// What there is to score.
    private static func snapshots(
        _ day: Int, _ model: RegisteredModel, _ session: inout CommandSession
    ) throws(CommandError) -> (SnapshotDefinition, customers: Int) {
        guard let days = model.file.contents.definition else {
            throw CommandError(
                .data, "model \(model.entry.text) was not trained on snapshots: score a table with --csv",
                code: "no_definition")
        }
        let found = try session.perform {
            (connection) throws(PostgresError) -> (SnapshotDefinition, Int)? in
            guard let definition = try SnapshotDefinition.all(&connection).first(where: { $0.days == days }),
                let customers = try SnapshotDate.read(day, definition, &connection).customers
            else { return nil }
            return (definition, customers)
        }
        guard let found else {
            throw CommandError(
                .data, "there are no snapshots of \(CommandText.date(day)): churn features --as-of makes them",
                code: "no_snapshots")
        }
        return found
    }

    /// Looks at all customers once to find out where the highest end; nil for a model without a capacity.
    private static func cut(
        _ run: ScoringRun, _ model: RegisteredModel, _ session: inout CommandSession
    ) throws(CommandError) -> CapacityCut? {
        guard let capacity = model.file.contents.threshold.capacity else { return nil }
        var ranking = LossRanking(capacity: capacity)
        var scorer = SnapshotScorer(model.serving)
        var pages = SnapshotPages(run.definition, day: run.day)
        while true {
            let page = try session.next(&pages)
            if page.rowCount == 0 { return ranking.cut }
            for row in 0..<page.rowCount {
                guard scorer.score(features: page.bytes(row, 1), of: page.bytes(row, 0)) != nil else {
                    throw unfit(model)
                }
                ranking.add(scorer.expectedLoss, scorer.instance.customer.span)
            }
        }
    }

    private static func score(
        _ run: inout ScoringRun, _ model: RegisteredModel, _ request: ScoreRunRequest, _ options: CommandOptions,
        _ session: inout CommandSession
    ) throws(CommandError) {
        var writer = try openWriter(session.conninfo, request.isSilent)
        var rows = ScoredRows(model.serving, day: run.day, cut: run.cut)
        var pages = SnapshotPages(run.definition, day: run.day, after: run.progress.lastCustomer)
        var progress = Progress("score", isQuiet: options.isQuiet)
        while true {
            let page = try session.next(&pages, rowsMax: pageRows)
            if page.rowCount == 0 { break }
            guard rows.fill(page) else { throw unfit(model) }
            do throws(PostgresError) {
                try writer.store(rows.columns, last: rows.last, rows.progress, &run)
            } catch {
                throw CommandError(error)
            }
            progress.update(run.progress.scored, of: run.customers)
        }
        progress.finish()
        do throws(PostgresError) { try run.finish(&writer.connection) } catch { throw CommandError(error) }
    }

    private static func openWriter(_ conninfo: String, _ isSilent: Bool) throws(CommandError) -> ScoringWriter {
        do throws(PostgresError) {
            return try ScoringWriter.open(conninfo, isSilent: isSilent)
        } catch {
            throw CommandError(error)
        }
    }

    /// Customers who were seen in the window and not lately: they count as gone already, and are not scored.
    private static func gone(
        _ definition: SnapshotDefinition, _ day: Int, _ session: inout CommandSession
    ) throws(CommandError) -> Int {
        let known = try session.perform { (connection) throws(PostgresError) in
            try connection.execute(
                """
                SELECT (SELECT count(DISTINCT customer_id) FROM events WHERE occurred_at >= $1 AND occurred_at < $2) \
                - (SELECT count(*) FROM feature_snapshots WHERE definition = $3 AND as_of = $4)
                """, .timestamp((day - definition.lookbackDays) * 86_400_000_000), .timestamp(day * 86_400_000_000),
                .integer(definition.id), .date(day)
            ).integer(0, 0)
        }
        return max(known ?? 0, 0)
    }

    private static func unfit(_ model: RegisteredModel) -> CommandError {
        CommandError(
            .data, "the features of the snapshots are not those of model \(model.entry.text)", code: "unfit_snapshots")
    }
}
