import JSON
import Learning
import TestSupport
import Testing

struct GateTests {
    private static let trainingRows = 2_000
    private static let judgedRows = 2_500
    private static let runs = 200

    /// How many of many runs pass, each with a seed of its own.
    private func passes(_ title: String, _ make: (UInt64) throws -> PromotionGate) rethrows -> Int {
        var passed = 0
        for seed in 1...UInt64(Self.runs) where try make(seed).verdict().passed { passed += 1 }
        print("gate, \(title): \(passed) of \(Self.runs) pass, seeds 1 to \(Self.runs)")
        return passed
    }

    // MARK: Many simulated promotions

    @Test func `of two equal models the newer one may serve, once the older one is old`() throws {
        let passed = try passes("equal models, old champion") { seed in
            var world = GateWorld(seed: seed)
            let older = world.customers(Self.trainingRows)
            let newer = world.customers(Self.trainingRows)
            let judged = world.customers(Self.judgedRows)
            var gate = PromotionGate(
                labels: judged.labels, candidate: try GateWorld.probabilities(judged, fittedTo: newer),
                champion: try GateWorld.probabilities(judged, fittedTo: older))
            gate.championAgeDays = 31
            return gate
        }
        #expect(passed >= Self.runs * 85 / 100)
    }

    @Test func `a model that knows a whole feature more passes, and the one that knows less does not`() throws {
        var returns = 0
        let passed = try passes("a feature more") { seed in
            var world = GateWorld(seed: seed)
            let older = world.customers(Self.trainingRows)
            let newer = world.customers(Self.trainingRows)
            let judged = world.customers(Self.judgedRows)
            let gate = PromotionGate(
                labels: judged.labels, candidate: try GateWorld.probabilities(judged, fittedTo: newer),
                champion: try GateWorld.probabilities(judged, fittedTo: older, features: 2))
            var back = gate
            (back.candidate, back.champion) = (gate.champion ?? [], gate.candidate)
            back.championAgeDays = 1_000
            if back.verdict().passed { returns += 1 }
            return gate
        }
        #expect(passed >= Self.runs * 95 / 100)
        #expect(returns == 0)
    }

    @Test func `a model of today passes against one of a world that is gone`() throws {
        let passed = try passes("stale champion") { seed in
            var world = GateWorld(seed: seed)
            let older = world.customers(Self.trainingRows)
            world.weights = [0.8, -0.5, 0]
            let newer = world.customers(Self.trainingRows)
            let judged = world.customers(Self.judgedRows)
            return PromotionGate(
                labels: judged.labels, candidate: try GateWorld.probabilities(judged, fittedTo: newer),
                champion: try GateWorld.probabilities(judged, fittedTo: older))
        }
        #expect(passed >= Self.runs * 95 / 100)
    }

    // MARK: Single verdicts

    private func sample(_ seed: UInt64, rows: Int = 2_000) -> (labels: [Bool], good: [Double], poor: [Double]) {
        var generator = SeededGenerator(seed: seed)
        let good = (0..<rows).map { _ in Double.random(in: 0.02..<0.98, using: &generator) }
        let labels = good.map { Double.random(in: 0..<1, using: &generator) < $0 }
        let poor = good.map { 0.5 * $0 + 0.5 * Double.random(in: 0.02..<0.98, using: &generator) }
        return (labels, good, poor)
    }

    @Test func `a model against itself is no worse and has no reason`() throws {
        let (labels, good, _) = sample(1)
        var gate = PromotionGate(labels: labels, candidate: good, champion: good)
        let verdict = gate.verdict()
        #expect(!verdict.passed && !verdict.first)
        #expect(verdict.checks.filter { !$0.passed }.map(\.name) == [.reason])
        #expect(verdict.reason == "reason: no significant advantage, and the champion is not older than 30 days")
        let auc = try #require(verdict[.auc])
        #expect(auc.difference == 0 && auc.low == 0 && auc.high == 0 && auc.limit == -0.005)
        gate.championAgeDays = 30
        #expect(!gate.verdict().passed)
        gate.championAgeDays = 30.5
        #expect(gate.verdict().reason == "the champion is older than 30 days")
        gate.maxAgeDays = 40
        #expect(!gate.verdict().passed)
        gate.wantsReason = false
        #expect(gate.verdict().passed && gate.verdict().reason == "not worse")
    }

    @Test func `each rule alone can refuse, and all checks are told`() {
        let (labels, good, poor) = sample(2)
        var gate = PromotionGate(labels: labels, candidate: good, champion: poor)
        #expect(gate.verdict().passed && gate.verdict().reason == "auc better")
        gate.goldenRowsReproduce = false
        #expect(gate.verdict().checks.filter { !$0.passed }.map(\.name) == [.golden])
        gate.goldenRowsReproduce = true
        gate.isSameDefinition = false
        #expect(gate.verdict().checks.filter { !$0.passed }.map(\.name) == [.definition])
        gate.isSameDefinition = true
        gate.candidateProfits = labels.map { _ in 0 }
        gate.championProfits = labels.map { $0 ? 10 : 1 }
        let verdict = gate.verdict()
        #expect(verdict.checks.filter { !$0.passed }.map(\.name) == [.profit])
        #expect(verdict.checks.map(\.name) == [.golden, .definition, .auc, .logLoss, .profit, .reason])
        // The same ranking, badly scaled: only the log loss can see it.
        gate = PromotionGate(labels: labels, candidate: good.map { $0 * $0 }, champion: good)
        #expect(gate.verdict().checks.filter { !$0.passed }.map(\.name) == [.logLoss, .reason])
        gate = PromotionGate(labels: labels, candidate: good, champion: good.map { $0 * $0 })
        #expect(gate.verdict().reason == "log_loss better")
        #expect(gate.verdict()[.auc]?.difference == 0)
    }

    @Test func `what is certain and wrong is refused; a champion that is so can be replaced`() {
        let (labels, good, _) = sample(3)
        var certain = good
        certain[0] = labels[0] ? 0 : 1
        var gate = PromotionGate(labels: labels, candidate: certain, champion: good)
        #expect(gate.verdict()[.logLoss]?.passed == false)
        gate = PromotionGate(labels: labels, candidate: good, champion: certain)
        #expect(gate.verdict().passed)
    }

    @Test(arguments: [true, false]) func `one class is not decidable, and refused`(outcome: Bool) throws {
        let labels = [Bool](repeating: outcome, count: 50)
        let scores = labels.indices.map { Double($0 + 1) / 60 }
        for champion in [nil, scores] {
            var gate = PromotionGate(labels: labels, candidate: scores, champion: champion)
            gate.championAgeDays = 100
            let verdict = gate.verdict()
            #expect(!verdict.passed)
            #expect(verdict.reason == "auc: not decidable: \(outcome ? "everybody" : "nobody") churned")
            #expect(verdict[.logLoss]?.passed == false && verdict[.logLoss]?.difference == nil)
        }
        #expect(!PromotionGate(labels: [], candidate: [], champion: nil).verdict().passed)
        let single = [outcome] + [Bool](repeating: !outcome, count: 9)
        let verdict = PromotionGate(labels: single, candidate: scores.prefix(10).map { $0 }, champion: nil).verdict()
        #expect(verdict.reason == "auc: not decidable: one row alone of a class")
    }

    @Test func `the first champion has to beat chance and the constant`() throws {
        let (labels, good, _) = sample(4)
        let verdict = PromotionGate(labels: labels, candidate: good, champion: nil).verdict()
        #expect(verdict.passed && verdict.first && verdict.reason == "better than chance and than a constant")
        #expect(verdict.checks.map(\.name) == [.golden, .auc, .logLoss])
        let low = try #require(verdict[.auc]?.low)
        #expect(low > 0.5 && low < verdict[.auc]?.candidate ?? 0)
        let flat = PromotionGate(labels: labels, candidate: labels.map { _ in 0.5 }, champion: nil).verdict()
        #expect(flat.checks.filter { !$0.passed }.map(\.name) == [.auc, .logLoss])
        let wild = PromotionGate(labels: labels, candidate: good.map { $0 / 100 }, champion: nil).verdict()
        #expect(wild.checks.filter { !$0.passed }.map(\.name) == [.logLoss])
    }

    @Test func `the verdict's JSON has the keys of the contract`() throws {
        let (labels, good, poor) = sample(5)
        let json = PromotionGate(labels: labels, candidate: good, champion: poor).verdict().json
        #expect(json.members?.map(\.key) == ["passed", "first", "reason", "checks"])
        let check = try #require(json["checks"]?.elements?[2])
        let keys = ["name", "passed", "candidate", "champion", "difference", "low", "high", "limit", "text"]
        #expect(check.members?.map(\.key) == keys)
        #expect(check["name"] == "auc" && check["text"] == "AUC not worse by more than 0.005")
    }
}
