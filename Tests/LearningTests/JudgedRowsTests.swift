import Bytes
import JSON
import Learning
import Testing

struct JudgedRowsTests {
    private func table(_ plans: [String], customers: [Int32]? = nil) -> RawTable {
        let names = Array(Set(plans.filter { !$0.isEmpty })).sorted()
        let count = plans.count
        return RawTable(
            columns: [
                // In another order than the model has them, with one that it does not know.
                RawColumn(
                    name: "plan",
                    values: .levels(plans.map { Int32(names.firstIndex(of: $0) ?? -1) }, names: names)),
                RawColumn(name: "days_since_last_activity", values: .numbers((0..<count).map { Double($0) })),
                RawColumn(name: "age", values: .numbers((0..<count).map { Double(20 + $0) })),
                RawColumn(name: "amount", values: .numbers((0..<count).map { $0 % 3 == 0 ? .nan : Double($0) })),
                RawColumn(name: "visits", values: .numbers((0..<count).map { Double($0 % 7) })),
            ],
            labels: (0..<count).map { $0 % 2 == 0 }, customers: customers ?? Array(0..<Int32(count)))
    }

    @Test func `a table with columns in any order gives the probabilities of single requests`() throws {
        let model = try SampleData.train().file.model
        let plans = ["gold", "platinum", "", "basic", "silver, \"plus\"", "gold"]
        let found = try model.probabilities(of: table(plans), rows: [0, 1, 2, 3, 4, 5])
        for (index, plan) in plans.enumerated() {
            var row = FeatureRow(count: 4)
            row.setNumber(0, Double(index % 7))
            if index % 3 == 0 { row.setMissing(1) } else { row.setNumber(1, Double(index)) }
            row.setNumber(2, Double(20 + index))
            if plan.isEmpty {
                row.setMissing(3)
            } else if let level = model.schema.index(ofLevel: Array(plan.utf8).span, feature: 3) {
                row.setLevel(3, level)
            } else {
                row.setUnseen(3)
            }
            #expect(model.score(&row) == .scored)
            #expect(found[index] == row.probability)
        }
    }

    @Test func `a missing column or one of another kind is named`() throws {
        let model = try SampleData.train().file.model
        var short = table(["gold", "basic"])
        short.columns.removeAll { $0.name == "age" }
        let missing = #expect(throws: TableMismatch.self) { try model.probabilities(of: short, rows: [0]) }
        #expect(missing?.column == "age" && missing?.description == "there is no column age, which the model needs")
        short = table(["gold", "basic"])
        short.columns[0] = RawColumn(name: "plan", values: .numbers([1, 2]))
        let kind = #expect(throws: TableMismatch.self) { try model.probabilities(of: short, rows: [0]) }
        #expect(kind?.description == "column plan holds numbers, the model takes its levels")
    }

    @Test func `a customer counts once, by the last row, and refused rows count for nobody`() throws {
        let candidate = try SampleData.train().file
        var strict = candidate.contents
        strict.features[3].refusesUnseen = true
        let rows = try JudgedRows(
            table(["gold", "basic", "gold", "platinum", "basic"], customers: [0, 1, 0, 2, 3]),
            candidate: candidate.model, champion: strict.model)
        #expect(rows.refused == 1)
        #expect(rows.labels == [false, true, true])
        #expect(rows.candidate == rows.champion)
        #expect(rows.recency == [1, 2, 4])
        let verdict = PromotionGate(rows, candidate, champion: ModelFile(strict)).verdict()
        #expect(verdict[.golden]?.passed == true && verdict[.definition]?.passed == true)
    }

    @Test func `another horizon is another definition`() throws {
        let candidate = try SampleData.train().file
        var other = candidate.contents
        other.horizonDays = 60
        let plans = (0..<40).map { _ in "gold" }
        let rows = try JudgedRows(table(plans), candidate: candidate.model, champion: other.model)
        let costs = Costs(customerValue: 200, offer: 10, contact: 1)
        var gate = PromotionGate(rows, candidate, champion: ModelFile(other), costs: costs)
        gate.wantsReason = false
        let verdict = gate.verdict()
        #expect(verdict.checks.filter { !$0.passed }.map(\.name) == [.definition])
        #expect(verdict[.profit]?.difference == 0)
    }

    @Test func `a model's first unseen day is a horizon after its last validation date`() throws {
        var contents = try SampleData.train().file.contents
        #expect(contents.firstDayUnseen == nil)
        contents.definition = Definition(windowDays: 90, horizonDays: 30, activeDays: 30)
        contents.split.train.dates = ["2026-01-01", "2026-02-01"]
        contents.split.validation = Split.Part(dates: ["2026-03-05"], rows: 1, customers: 1, churned: 0)
        contents.data.source = .database
        #expect(contents.firstDayUnseen == CivilTime(year: 2026, month: 4, day: 4).daysSince1970)
        // The shop that the shipped model learnt from is made up: no date of real customers is one that it has seen.
        contents.data.source = .simulation
        #expect(contents.firstDayUnseen == nil)
    }

    @Test func `a judgement holds the decisions and the baselines`() throws {
        let labels: [Bool] = (0..<200).map { $0 % 4 == 0 }
        var scores: [Double] = []
        var silence: [Double] = []
        for row in 0..<200 {
            scores.append(labels[row] ? 0.75 : 0.2 + Double(row % 50) / 200)
            silence.append(row == 0 ? .nan : labels[row] ? 9 : Double(row % 5))
        }
        let costs = Costs(customerValue: 200, offer: 10, contact: 1)
        let judged = ModelJudgement(
            scores, labels, threshold: Threshold(rule: .f1, value: 0.6), costs: costs, recency: silence)
        #expect(judged.decisions.map(\.name) == [.chosen, .half, .nobody])
        #expect(judged.decisions[0].profit == 0.25 * costs.gainOfChurner)
        #expect(judged.decisions[2].profit == 0 && judged.decisions[2].threshold == nil)
        #expect(judged.decisions[2].confusion.truePositives == 0 && judged.decisions[2].confusion.falsePositives == 0)
        #expect(judged.baselines.aucOfRecency == 1)
        #expect(Baselines(labels, recency: nil).json["recency"]?["auc"] == .null)
        #expect(judged.quality.profit == judged.decisions[0].profit)
        #expect(judged.members.map(\.key) == ["threshold", "quality", "confusion", "decisions", "baselines"])
    }
}
