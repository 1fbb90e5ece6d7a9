import Bytes
import Churn
import JSON
import Learning
import Postgres
import TestSupport
import Testing

@Suite(.serialized)
struct ScoreRunTests {
    private let date = CivilTime(year: 2026, month: 10, day: 13)

    private func score(_ options: CommandOptions, noEvents: Bool = false) throws -> CommandOutcome {
        try ScoreRun.run(ScoreRunRequest(asOf: "2026-10-13", model: nil, noEvents: noEvents), options)
    }

    @Test func `a run scores each snapshot once, in the order of customers, and a second one changes nothing`() throws {
        let world = try SnapshotWorld()
        let customers = try world.store(date)
        let file = try SnapshotWorld.train(until: CivilTime(year: 2026, month: 9, day: 22))
        try world.register(file)
        _ = try world.promote(file)
        let first = try score(world.options)
        #expect(first.status == .done && first.json["scored"] == .number(Double(customers)))
        #expect(first.json["run"] == .string("2026-10-13/\(file.version)"))
        let second = try score(world.options)
        #expect(second.status == .unchanged && second.json["scored"] == .number(0))
        #expect(second.json["already"] == .number(Double(customers)) && second.json["risk"] == first.json["risk"])
        let stored = try world.connection.execute(
            """
            SELECT count(*), count(DISTINCT customer_id), count(DISTINCT writer), bool_and(source = 'score'
                AND as_of = '2026-10-13' AND horizon_days = 30), count(*) FILTER (WHERE churn), avg(probability),
                bool_and(in_order) FROM (SELECT *, customer_id >= lag(customer_id, 1, '') OVER (ORDER BY id) AS in_order
                FROM predictions) AS p
            """)
        #expect(stored.integer(0, 0) == customers && stored.integer(0, 1) == customers && stored.integer(0, 2) == 1)
        #expect(stored.boolean(0, 3) == true && stored.boolean(0, 6) == true)
        #expect(first.json["churn"] == .number(Double(stored.integer(0, 4) ?? -1)))
        let mean = try #require(first.json["mean_probability"]?.number)
        #expect(abs(mean - (stored.double(0, 5) ?? 0)) < 1e-12)
    }

    @Test func `with events the writer waits for a publisher, without them its rows count as published`() throws {
        for noEvents in [false, true] {
            let world = try SnapshotWorld()
            try world.store(date)
            let file = try SnapshotWorld.train(until: CivilTime(year: 2026, month: 9, day: 22))
            try world.register(file)
            _ = try world.promote(file)
            _ = try score(world.options, noEvents: noEvents)
            let writer = try world.connection.execute(
                """
                SELECT closed_at IS NULL, acknowledged IS NOT DISTINCT FROM
                    (SELECT id FROM predictions ORDER BY id DESC LIMIT 1) FROM writers
                """)
            #expect(writer.rowCount == 1)
            #expect(writer.boolean(0, 0) == !noEvents && writer.boolean(0, 1) == noEvents)
        }
    }

    @Test func `with a capacity exactly the highest expected losses are flagged, equal ones by id`() throws {
        let world = try SnapshotWorld()
        // Few different customers, so that many losses are the same.
        try world.store(date) { snapshot in
            snapshot.purchaseFrequency = snapshot.purchaseFrequency.rounded()
            snapshot.averageCheck = snapshot.averageCheck == nil ? nil : 40
            snapshot.daysSinceLastActivity = (snapshot.daysSinceLastActivity / 10).rounded()
            snapshot.servicesUsed = 2
        }
        var contents = try SnapshotWorld.train(until: CivilTime(year: 2026, month: 9, day: 22)).contents
        contents.threshold = Threshold(rule: .capacity, value: 0.3, medium: 0.15, capacity: 333)
        let file = ModelFile(contents)
        try world.register(file)
        _ = try world.promote(file, ifBetter: false)
        let outcome = try score(world.options)
        #expect(outcome.json["churn"] == .number(333))
        let wrong = try world.connection.execute(
            """
            SELECT count(*), count(DISTINCT expected_loss(probability, features)) FROM (SELECT *, row_number() OVER (
                ORDER BY expected_loss(probability, features) DESC, customer_id) AS place FROM predictions) AS p
            WHERE churn <> (place <= 333) OR (risk = 'high') <> churn
            """)
        #expect(wrong.integer(0, 0) == 0)
        let ties = try world.connection.execute(
            "SELECT count(DISTINCT expected_loss(probability, features)), count(*) FROM predictions")
        #expect((ties.integer(0, 0) ?? 0) * 3 < ties.integer(0, 1) ?? 0, "there are ties to be told apart")
    }

    @Test func `a date without snapshots is an error that says how to make them`() throws {
        let world = try SnapshotWorld()
        try world.store(CivilTime(year: 2026, month: 9, day: 13))
        let file = try SnapshotWorld.train(until: CivilTime(year: 2026, month: 9, day: 22))
        try world.register(file)
        _ = try world.promote(file, ifBetter: false)
        let error = try #require(throws: CommandError.self) { _ = try score(world.options) }
        #expect(error.code == "no_snapshots" && error.description.contains("churn features"))
    }
}
