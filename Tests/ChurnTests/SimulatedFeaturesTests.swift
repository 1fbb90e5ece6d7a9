import Bytes
import Churn
import Learning
import Postgres
import TestSupport
import Testing

/// Customers that were made up, on both ways to a snapshot: through the database, and straight.
struct SimulatedFeaturesTests {
    private static let customers = 400
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func simulate(_ name: String, seed: Int, truth: String? = nil, threads: Int) throws -> String {
        let path = "\(folder.path)/\(name)"
        let request = try SimulateRequest(
            customers: Self.customers * 3, from: "2025-01-01", to: "2026-01-01", seed: seed,
            truth: truth.map { "\(folder.path)/\($0)" }, output: path)
        _ = try Simulate.run(request, quiet: true, threads: threads)
        return path
    }

    @Test(arguments: ["events.csv", "events.csv.gz"])
    func `the bytes depend on the seed and not on the number of threads`(name: String) throws {
        let one = contents(ofFile: try simulate("1" + name, seed: 5, truth: "1.csv", threads: 1))
        let three = contents(ofFile: try simulate("3" + name, seed: 5, truth: "3.csv", threads: 3))
        #expect(!one.isEmpty && one == three)
        #expect(contents(ofFile: "\(folder.path)/1.csv") == contents(ofFile: "\(folder.path)/3.csv"))
        #expect(contents(ofFile: try simulate("6" + name, seed: 6, threads: 1)) != one)
    }

    @Test func `a snapshot from SQL is the simulator's, bit for bit`() throws {
        let seed = Int.random(in: 0...1_000_000)
        let database = try TemporaryPostgres.shared.makeDatabase()
        let options = try CommandOptions(
            databaseURL: database, data: nil, lockTimeout: "60s", quiet: true, environment: Environment([:]))
        let path = try simulate("events.csv.gz", seed: seed, threads: 2)
        let load = try LoadRequest(
            files: [path], mapping: [], replace: false, maxRejects: "0", rejects: nil, completeTo: "2026-01-01")
        #expect(try Load.run(load, options).status == .done)
        let features = try FeaturesRequest(
            asOf: nil, from: "2025-03-01", to: "2025-12-01", every: "25d", window: "90d", horizon: "30d", active: "45d")
        #expect(try Features.run(features, options).status == .done)
        try compare(database, seed: seed)
    }

    private func compare(_ database: String, seed: Int) throws {
        let definition = Definition(windowDays: 90, horizonDays: 30, activeDays: 45)
        let first = try #require(CommandText.day("2025-03-01"))
        let last = try #require(CommandText.day("2025-12-01"))
        let simulator = Simulator(
            customers: Self.customers * 3, from: .init(daysSince1970: try #require(CommandText.day("2025-01-01"))),
            to: .init(daysSince1970: try #require(CommandText.day("2026-01-01"))), seed: UInt64(seed))
        var expected: [String: Snapshot] = [:]
        for customer in 0..<simulator.customers {
            let events = simulator.events(of: customer)
            let digits = String(customer)
            let name = "C-" + String(repeating: "0", count: 7 - digits.count) + digits
            for day in stride(from: first, through: last, by: 25) {
                expected["\(name) \(CommandText.date(day))"] = Snapshot(events, day: day, definition)
            }
        }
        var connection = try Connection(database, as: .command)
        let rows = try connection.execute(
            """
            SELECT customer_id || ' ' || as_of, (features ->> 'purchase_frequency')::float8,
                (features ->> 'average_check')::float8, (features ->> 'days_since_last_activity')::float8,
                (features ->> 'services_used')::int, churned FROM feature_snapshots
            """)
        #expect(rows.rowCount == expected.count && rows.rowCount > 1000, "seed \(seed)")
        for row in 0..<rows.rowCount {
            let key = rows.text(row, 0) ?? ""
            let snapshot = expected[key]
            let isSame =
                rows.double(row, 1) == snapshot?.purchaseFrequency && rows.double(row, 2) == snapshot?.averageCheck
                && rows.double(row, 3) == snapshot?.daysSinceLastActivity
                && rows.integer(row, 4) == snapshot?.servicesUsed && rows.boolean(row, 5) == snapshot?.churned
            #expect(isSame, "seed \(seed), \(key)")
        }
    }

    @Test func `a model from the database is the one from the simulator itself`() throws {
        let database = try TemporaryPostgres.shared.makeDatabase()
        let options = try CommandOptions(
            databaseURL: database, data: nil, lockTimeout: "60s", quiet: true, environment: Environment([:]))
        let load = try LoadRequest(
            files: [try simulate("events.csv", seed: 3, threads: 2)], mapping: [], replace: false, maxRejects: "0",
            rejects: nil, completeTo: "2026-01-01")
        _ = try Load.run(load, options)
        let features = try FeaturesRequest(
            asOf: nil, from: "2025-04-01", to: "2025-12-01", every: "30d", window: "90d", horizon: "30d", active: nil)
        _ = try Features.run(features, options)
        let output = "\(folder.path)/model.json"
        let choice = try SnapshotChoice(window: nil, horizon: nil, active: nil, trainFrom: nil, test: nil)
        let request = TrainRequest(
            .database(choice), fit: FitRequest(), missing: [], unseen: "warn", threshold: "f1", costs: CostRequest(),
            seed: 0,
            output: output)
        _ = try Train.run(request, registers: false, options)
        let trained = try ModelFile(reading: contents(ofFile: output)).contents

        let simulator = Simulator(
            customers: Self.customers * 3, from: CivilTime(year: 2025, month: 1, day: 1),
            to: CivilTime(year: 2026, month: 1, day: 1), seed: 3)
        let first = try #require(CommandText.day("2025-04-01"))
        let data = DatedTable(
            simulator, days: Array(stride(from: first, through: first + 240, by: 30)),
            Definition(windowDays: 90, horizonDays: 30, activeDays: 30))
        let direct = try Training.train(data, TrainingSettings()).file.contents
        #expect(trained.parameters == direct.parameters && trained.quality == direct.quality)
        #expect(
            trained.features.map(\.title.russian) == [
                "Частота покупок", "Средний чек", "Дней с последней активности", "Используемые сервисы",
            ])
    }
}
