import Bytes
import Learning
import Report
import TestSupport

/// Models and rows to report on.
enum SampleReport {
    /// The shipped model on customers made up anew, at one date, with a champion, a gate and everything else.
    static func dated(customers: Int = 3_000, costs: Costs? = nil) throws -> JudgedModel {
        let model = try ModelFile(reading: contents(ofFile: repositoryFolder + "/Models/demo.json"))
        let day = CivilTime(year: 2026, month: 10, day: 13).daysSince1970
        let simulator = Simulator(
            customers: customers, from: CivilTime(year: 2025, month: 11, day: 22),
            to: CivilTime(year: 2026, month: 11, day: 22), seed: 21)
        let sample = DatedTable(simulator, days: [day], DemoModel.definition)
        let rows = try JudgedRows(sample.table, candidate: model.model)
        var judged = JudgedModel(model, .dates(["2026-10-13"]), sample.table, rows, costs: costs)
        let probabilities = rows.candidate
        let older = probabilities.map { 0.8 * $0 + 0.03 }
        let labels = rows.labels
        judged.champion = .init(
            version: "a01b22c3d4e5", number: 6, quality: Quality(older, labels, threshold: 0.25))
        judged.gate = PromotionGate(labels: labels, candidate: probabilities, champion: older).verdict()
        judged.number = 7
        judged.watermark = "2026-11-22T00:00:00Z"
        judged.sha256 = sample.sha256
        judged.command = "churn evaluate --candidate --report report.html"
        judged.madeAt = "2026-11-22T03:00:07Z"
        return judged
    }

    /// A CSV text, trained on and judged out of fold.
    static func file(
        _ csv: [UInt8], _ layout: CSVLayout, name: String, missing: [String: MissingPolicy] = [:], lambda: Double = 1e-3
    ) throws -> JudgedModel {
        var settings = TrainingSettings()
        settings.lambda = lambda
        settings.schema.missing = missing
        let result = try Training.train(csv: csv.span, layout, settings)
        let table = try RawTable(csv: csv.span, layout)
        var judged = try JudgedModel(outOfFold: result.file, table)
        judged.fileName = name
        judged.sha256 = result.file.contents.data.sha256
        judged.command = "churn evaluate --csv \(name) --report report.html"
        judged.warnings = result.warnings
        return judged
    }

    /// The customers of a small shop, in a file.
    ///
    /// - Parameters:
    ///   - number: what the first column of numbers is called.
    ///   - level: one of the levels of the category.
    static func small(rows: Int = 200, number: String = "visits", level: String = "gold") throws -> JudgedModel {
        var generator = SeededGenerator(seed: 11)
        var lines = ["id,\(quoted(number)),amount,plan,same,left"]
        for row in 0..<rows {
            let visits = Int.random(in: 0...20, using: &generator)
            let amount = row % 9 == 4 ? "" : "\(Double(Int.random(in: 100...9_999, using: &generator)) / 100)"
            let plan = row % 3 == 0 ? level : row % 7 == 1 ? "" : "basic"
            let isLeaving =
                Double.random(in: 0..<1, using: &generator) < LogisticModel.probability(1 - 0.2 * Double(visits))
            lines.append("c\(row),\(visits),\(amount),\(quoted(plan)),1,\(isLeaving ? "yes" : "no")")
        }
        return try file(
            Array((lines.joined(separator: "\n") + "\n").utf8), CSVLayout(label: "left", positive: "yes", id: "id"),
            name: "shop.csv")
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// - Parameter recency: the place of the feature that says how long a customer was silent.
    static func judge(
        _ model: ModelFile, _ table: RawTable, _ probabilities: [Double], rows: [Int32]? = nil,
        basis: JudgedModel.Basis, costs: Costs? = nil, recency: Int? = nil
    ) -> JudgedModel {
        let judgedRows = ReportRows(table, rows: rows, features: model.contents.features, probabilities: probabilities)
        let judgement = ModelJudgement(
            probabilities, judgedRows.labels, threshold: model.contents.threshold, costs: costs,
            recency: recency.map(judgedRows.numbers))
        return JudgedModel(model: model, basis: basis, rows: judgedRows, judgement: judgement)
    }
}
