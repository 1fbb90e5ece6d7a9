import Bytes
import Churn
import JSON
import Learning
import Postgres
import TestSupport
import Testing

@Suite(.serialized)
struct GateOnSnapshotsTests {
    @Test func `evaluate and promote ask the same gate, a better model passes and the worse one is refused`() throws {
        let world = try SnapshotWorld()
        let rows = try world.store(CivilTime(year: 2026, month: 10, day: 13))
        let good = try SnapshotWorld.train(until: CivilTime(year: 2026, month: 9, day: 22))
        let bad = SnapshotWorld.turned(good)
        try world.register(bad)
        try world.register(good)
        #expect(try world.promote(bad, ifBetter: false).json["forced"] == .boolean(true))

        let evaluation = try Evaluate.run(Self.evaluate(.candidate), world.options).json
        #expect(evaluation["gate"]?["passed"] == .boolean(true), "\(evaluation["gate"]?.text ?? "")")
        #expect(evaluation["gate"]?["reason"] == .string("auc better"))
        #expect(evaluation["data"]?["rows"] == .number(Double(rows)))
        #expect(evaluation["data"]?["as_of"] == .array([.string("2026-10-13")]))
        #expect(evaluation["champion"]?["version"] == .string(bad.version))
        let (ours, theirs) = (evaluation["quality"]?["auc"]?.number, evaluation["champion"]?["quality"]?["auc"]?.number)
        #expect((ours ?? 0) > 0.7 && (theirs ?? 1) < 0.3)

        let promotion = try world.promote(good)
        #expect(promotion.status == .done && promotion.json["forced"] == .boolean(false))
        let (asked, shown) = (promotion.json["gate"]?["checks"]?.elements, evaluation["gate"]?["checks"]?.elements)
        #expect(asked?.dropLast() == shown?.dropLast() && asked?.count == 5, "the champion's age apart")
        let back = try world.promote(bad)
        #expect(back.status == .refused && back.status.code == 11)
        #expect(back.json["champion"]?["version"] == .string(good.version))
        #expect(try world.state(of: good) == "champion")
        let kept = try world.connection.execute("SELECT gate->>'reason' FROM promotions ORDER BY id DESC LIMIT 1")
        #expect(kept.text(0, 0) == "auc better")
    }

    @Test func `a candidate that fails is refused, and --candidate finds it no more`() throws {
        let world = try SnapshotWorld()
        try world.store(CivilTime(year: 2026, month: 10, day: 13))
        let good = try SnapshotWorld.train(until: CivilTime(year: 2026, month: 9, day: 22))
        try world.register(good)
        #expect(try world.promote(good).json["gate"]?["first"] == .boolean(true))
        let bad = SnapshotWorld.turned(good)
        try world.register(bad)
        #expect(try world.promote(bad).status == .refused)
        #expect(try world.state(of: bad) == "refused")
        let request = try PromoteRequest(.candidate, ifBetter: true, costs: CostRequest(), maxAge: "30d")
        #expect(try Promote.run(request, world.options).status == .unchanged)
    }

    @Test func `an equal model passes only once the champion is old`() throws {
        let world = try SnapshotWorld()
        try world.store(CivilTime(year: 2026, month: 10, day: 13))
        let first = try SnapshotWorld.train(until: CivilTime(year: 2026, month: 9, day: 22))
        var contents = first.contents
        contents.seed += 1
        let twin = ModelFile(contents)
        for file in [first, twin] { try world.register(file) }
        _ = try world.promote(first)
        let refused = try world.promote(twin)
        #expect(refused.status == .refused)
        #expect(refused.json["gate"]?["checks"]?.elements?.last?["name"] == .string("reason"))
        try world.connection.execute(
            "UPDATE models SET promoted_at = now() - interval '31 days' WHERE state = 'champion'")
        #expect(try world.promote(twin).status == .done)
    }

    @Test func `a date that a model has seen does not judge it: nothing is decided and the candidate stays one`() throws
    {
        let world = try SnapshotWorld()
        try world.store(CivilTime(year: 2026, month: 10, day: 13))
        let late = try SnapshotWorld.train(until: CivilTime(year: 2026, month: 11, day: 22))
        #expect(late.contents.split.test?.dates == ["2026-10-13"], "the last date tests: nothing was learnt from it")
        var contents = late.contents
        contents.split.validation?.dates = ["2026-10-13"]
        contents.data.source = .database
        let seen = ModelFile(contents)
        try world.register(seen)
        let outcome = try world.promote(seen)
        #expect(outcome.status == .refused && outcome.json["champion"] == .null)
        #expect(try world.state(of: seen) == "candidate")
        #expect(outcome.json["warnings"]?.elements?.first?.string?.contains("2026-10-13") == true)
        try world.register(late)
        #expect(try world.promote(late).status == .done)
    }

    @Test func `a date that is not mature is an error that lists those that are`() throws {
        let world = try SnapshotWorld()
        try world.store(CivilTime(year: 2026, month: 10, day: 13))
        let file = try SnapshotWorld.train(until: CivilTime(year: 2026, month: 9, day: 22))
        try world.register(file)
        let error = try #require(throws: CommandError.self) {
            _ = try Evaluate.run(Self.evaluate(.candidate, asOf: "2026-11-22"), world.options)
        }
        #expect(error.kind == .data && error.description.contains("2026-10-13"))
    }

    @Test func `the report is one page about the same figures`() throws {
        let world = try SnapshotWorld()
        try world.store(CivilTime(year: 2026, month: 10, day: 13))
        let file = try SnapshotWorld.train(until: CivilTime(year: 2026, month: 9, day: 22))
        try world.register(file)
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/report.html"
        let json = try Evaluate.run(Self.evaluate(nil, report: path), world.options).json
        #expect(json["report"] == .string(path) && json["version"] == .string(file.version))
        let page = String(decoding: contents(ofFile: path), as: UTF8.self)
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains(file.version))
    }

    private static func evaluate(
        _ choice: ModelChoice?, asOf: String? = nil, report: String? = nil
    ) throws -> EvaluateRequest {
        try EvaluateRequest(
            choice, asOf: asOf, costs: CostRequest(), maxAge: "30d", report: report, command: "churn evaluate")
    }
}
