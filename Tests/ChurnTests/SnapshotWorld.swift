import Bytes
import Churn
import JSON
import Learning
import Migrations
import Postgres
import TestSupport

/// A database with the snapshots of made-up customers, and models that were trained on the same ones earlier.
final class SnapshotWorld {
    static let simulator = Simulator(
        customers: 3_000, from: CivilTime(year: 2024, month: 11, day: 22), to: day(2026, 11, 22), seed: 7)
    var connection: Connection
    let options: CommandOptions

    init() throws {
        let database = try TemporaryPostgres.shared.makeDatabase()
        options = try CommandOptions(
            databaseURL: database, data: nil, lockTimeout: "5s", quiet: true, environment: Environment([:]))
        connection = try Connection(database, as: .command)
        _ = try Migrator(migrations).migrate(&connection)
        try connection.execute(
            """
            INSERT INTO feature_definitions (window_days, horizon_days, active_days, feature_set)
            VALUES (90, 30, 30, 'standard')
            """)
    }

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> CivilTime {
        CivilTime(year: year, month: month, day: day)
    }

    /// Stores the snapshots of a date.
    ///
    /// - Parameter change: what to store in place of the features that were computed, to make another world.
    /// - Returns: how many there are.
    @discardableResult
    func store(_ date: CivilTime, change: (inout Snapshot) -> Void = { _ in }) throws -> Int {
        var rows: [JSONValue] = []
        for number in 0..<Self.simulator.customers {
            let events = Self.simulator.events(of: number)
            guard var snapshot = Snapshot(events, day: date.daysSince1970, DemoModel.definition) else { continue }
            change(&snapshot)
            rows.append([
                "customer": .string("c\(number)"), "churned": .boolean(snapshot.churned),
                "features": [
                    "purchase_frequency": .number(snapshot.purchaseFrequency),
                    "average_check": snapshot.averageCheck.map { .number($0) } ?? .null,
                    "days_since_last_activity": .number(snapshot.daysSinceLastActivity),
                    "services_used": .number(Double(snapshot.servicesUsed)),
                ],
            ])
        }
        try connection.execute(
            """
            INSERT INTO feature_snapshots (definition, customer_id, as_of, churned, features)
            SELECT 1, row->>'customer', $1::date, (row->>'churned')::bool, row->'features'
            FROM jsonb_array_elements($2::text::jsonb) AS row
            """, .date(date.daysSince1970), .text(JSONValue.array(rows).text))
        try connection.execute(
            """
            INSERT INTO snapshot_dates (definition, as_of, customers, features_revision, labels_revision)
            VALUES (1, $1, $2, 0, 0)
            """, .date(date.daysSince1970), .integer(rows.count))
        return rows.count
    }

    /// A model that was trained on what was known at `until`.
    static func train(until: CivilTime) throws -> ModelFile {
        try DemoModel.train(
            Simulator(customers: simulator.customers, from: day(2024, 11, 22), to: until, seed: simulator.seed), seed: 1
        ).file
    }

    /// A model that knows nothing: its weights have the wrong signs.
    static func turned(_ file: ModelFile) -> ModelFile {
        var contents = file.contents
        let effects = contents.parameters.effects.map { effect -> LogisticParameters.Effect in
            guard case .number(let weight, let mean) = effect else { return effect }
            return .number(weight: -weight, mean: mean)
        }
        let base = contents.parameters.base
        let shift = effects.reduce(0) { $0 + $1.atMean }
        contents.parameters = LogisticParameters(intercept: base - shift, effects: effects)
        return ModelFile(contents)
    }

    /// Makes a model a candidate.
    func register(_ file: ModelFile) throws {
        try connection.execute(
            "INSERT INTO models (version, state, artifact, metrics) VALUES ($1, 'candidate', $2, $3::jsonb)",
            .text(file.version), .bytes(file.bytes), .text(file.summary.text))
    }

    func state(of file: ModelFile) throws -> String? {
        try connection.execute("SELECT state FROM models WHERE version = $1", .text(file.version)).text(0, 0)
    }

    func promote(_ file: ModelFile, ifBetter: Bool = true, maxAge: String = "30d") throws -> CommandOutcome {
        try Promote.run(
            PromoteRequest(.named(file.version), ifBetter: ifBetter, costs: CostRequest(), maxAge: maxAge), options)
    }
}
