import Glibc
import Learning
import Postgres

/// The gate between a candidate and the champion, on the rows that decide: `evaluate` shows it, `promote` obeys it.
struct Judging: Sendable {
    let candidate: RegisteredModel
    /// Nil where there is none yet.
    let champion: RegisteredModel?
    /// Nil where no date can judge.
    let date: JudgedDate?
    let verdict: GateVerdict
    let warnings: [String]

    /// Whether the rows can tell a good model from a bad one: if not, the candidate stays one.
    var isDecidable: Bool {
        date.map { $0.rows.labels.contains(true) && $0.rows.labels.contains(false) } ?? false
    }

    /// - Parameter costs: what an offer costs; nil for what the candidate's file says.
    static func judge(
        _ candidate: RegisteredModel, against champion: RegisteredModel?, costs: Costs?, maxAgeDays: Int,
        _ session: inout CommandSession
    ) throws(CommandError) -> Judging {
        let contents = candidate.file.contents
        let dates = try session.perform { (connection) throws(PostgresError) in
            try MatureDates.read(contents.definition, &connection)
        }
        let isSame = champion.map { contents.isSameDefinition(as: $0.file.contents) } ?? true
        var date: JudgedDate?
        let models = [contents] + (champion.map { [$0.file.contents] } ?? [])
        if isSame, let definition = dates.definition, let day = dates.newest(unseenBy: models) {
            date = try JudgedDate(definition, day: day, candidate, rival: champion, &session)
        }
        var gate = PromotionGate(labels: [], candidate: [], champion: champion == nil ? nil : [])
        if let date {
            gate = PromotionGate(
                date.rows, candidate.file, champion: champion?.file, costs: costs ?? contents.costs)
        }
        gate.isSameDefinition = isSame
        gate.maxAgeDays = Double(maxAgeDays)
        gate.championAgeDays = champion?.record.promotedAt.map { Double(now() - $0) / 86_400e6 }
        return Judging(
            candidate: candidate, champion: champion, date: date, verdict: gate.verdict(),
            warnings: date == nil && isSame ? [absence(of: dates, candidate)] : [])
    }

    /// Microseconds since 1970.
    static func now() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    /// Why there is no date that may judge.
    private static func absence(of dates: MatureDates, _ candidate: RegisteredModel) -> String {
        if candidate.file.contents.definition == nil {
            return "the model was not trained on snapshots: no stored date can judge it; promote it by its name"
        }
        if dates.days.isEmpty { return "no date of the model's definition is mature: churn features makes them" }
        return "no mature date is later than what the models were trained on; mature are \(dates.text)"
    }
}
