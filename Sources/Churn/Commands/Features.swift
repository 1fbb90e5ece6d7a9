package import Learning
import Linux
import Postgres

/// What `churn features` was told.
package struct FeaturesRequest: Sendable {
    /// Days since 1970-01-01, ascending.
    let days: [Int]
    /// Nil for a single date.
    let stepDays: Int?
    let definition: Definition

    /// A run of more dates than this is a slip of the pen.
    private static let datesMax = 10_000

    package init(
        asOf: String?, from: String?, to: String?, every: String, window: String, horizon: String, active: String?
    ) throws(CommandError) {
        switch (asOf, from, to) {
        case (let asOf?, nil, nil):
            days = [try CommandText.day(asOf, option: "--as-of")]
            stepDays = nil
        case (nil, let from?, let to?):
            let first = try CommandText.day(from, option: "--from")
            let last = try CommandText.day(to, option: "--to")
            let step = try CommandText.days(every, option: "--every")
            guard first <= last else { throw CommandError(.usage, "--from is later than --to") }
            guard (last - first) / step < Self.datesMax else {
                throw CommandError(.usage, "--from, --to and --every make more than \(Self.datesMax) dates")
            }
            days = Array(stride(from: first, through: last, by: step))
            stepDays = step
        default: throw CommandError(.usage, "give either --as-of, or --from and --to")
        }
        definition = try Self.definition(window: window, horizon: horizon, active: active)
    }

    /// - Parameter active: the horizon where nothing is said.
    package static func definition(
        window: String, horizon: String, active: String?
    ) throws(CommandError) -> Definition {
        let horizonDays = try CommandText.days(horizon, option: "--horizon")
        var activeDays = horizonDays
        if let active { activeDays = try CommandText.days(active, option: "--active") }
        return Definition(
            windowDays: try CommandText.days(window, option: "--window"), horizonDays: horizonDays,
            activeDays: activeDays)
    }
}

/// `churn features`: what was known of each customer at some dates, and what became of them.
package enum Features {
    package static func run(
        _ request: FeaturesRequest, _ options: CommandOptions
    ) throws(CommandError) -> CommandOutcome {
        let started = Clock.monotonicNanoseconds()
        var session = try CommandSession(options, command: "features")
        let prepared = try session.perform { (connection) throws(PostgresError) in
            try prepare(request, &connection)
        }
        guard let run = prepared else {
            throw CommandError(.data, "there are no events: churn load takes them in", code: "no_events")
        }
        var counts = SnapshotRun.Counts()
        try compute(request, run, options, &counts, &session)
        let overview = try session.perform { (connection) throws(PostgresError) in
            try SnapshotOverview.read(run.definition, day: request.days[request.days.count - 1], &connection)
        }
        return FeaturesReport(
            definition: run.definition, days: request.days, stepDays: request.stepDays, counts: counts,
            overview: overview, watermark: run.watermark,
            seconds: Double(Clock.monotonicNanoseconds() - started) * 1e-9
        ).outcome
    }

    /// Nil where there is no event.
    private static func prepare(
        _ request: FeaturesRequest, _ connection: inout Connection
    ) throws(PostgresError) -> SnapshotRun? {
        guard let watermark = try Watermark.read(&connection) else { return nil }
        return SnapshotRun(
            definition: try SnapshotDefinition.row(of: request.definition, &connection), watermark: watermark)
    }

    private static func compute(
        _ request: FeaturesRequest, _ run: SnapshotRun, _ options: CommandOptions, _ counts: inout SnapshotRun.Counts,
        _ session: inout CommandSession
    ) throws(CommandError) {
        let work = SnapshotWork(run, days: request.days, isQuiet: options.isQuiet)
        let isDone = try work.perform(session.conninfo)
        guard isDone else {
            throw CommandError(
                .data,
                "the events have more than \(SnapshotActivity.servicesMax) services: a service is something like app"
                    + " or delivery, of which a company has a few", code: "too_many_services")
        }
        var found = work.counts
        var labelling = Progress("labels", isQuiet: options.isQuiet)
        try session.perform { (connection) throws(PostgresError) in
            try run.label(&found, &connection) { labelling.update($0, of: $1) }
        }
        labelling.finish()
        counts = found
    }
}
