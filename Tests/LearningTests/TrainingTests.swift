import JSON
import Learning
import TestSupport
import Testing

struct TrainingTests {
    private func train(
        _ lines: [String], _ layout: CSVLayout = SampleData.layout, lambda: Double? = 1e-3,
        missing: [String: MissingPolicy] = [:]
    ) throws -> TrainingResult {
        var settings = TrainingSettings()
        settings.lambda = lambda
        settings.schema.missing = missing
        return try Training.train(csv: Array(lines.joined(separator: "\n").utf8).span, layout, settings)
    }

    /// `lines` with a column of `values` put before the first.
    private func adding(_ name: String, _ lines: [String], _ value: (Int) -> String) -> [String] {
        lines.enumerated().map { row, line in (row == 0 ? name : value(row - 1)) + "," + line }
    }

    // MARK: Bad input

    @Test func `a column that is not there is named, with those that are`() {
        let error = TrainingError.csv(
            CSVError(.missingColumn("gone", have: ["id", "visits", "amount", "age", "plan", "left"]), line: 1))
        #expect(throws: error) {
            try train(SampleData.lines(rows: 50), CSVLayout(label: "gone", positive: "yes"))
        }
        #expect(throws: error) {
            try train(SampleData.lines(rows: 50), CSVLayout(label: "left", positive: "yes", id: "gone"))
        }
        #expect(throws: error) {
            try train(SampleData.lines(rows: 50), CSVLayout(label: "left", positive: "yes", features: ["gone"]))
        }
        #expect(error.description.contains("no column gone"))
    }

    @Test func `one class only is an error with the counts`() {
        #expect(
            throws: TrainingError.oneClass(
                column: "left", positive: "maybe", rows: 50, churned: 0, values: ["yes", "no"])
        ) {
            var lines = SampleData.lines(rows: 50)
            lines[1] = "c0,1,1,20,gold,yes"
            lines[2] = "c1,1,1,20,gold,no"
            return try train(lines, CSVLayout(label: "left", positive: "maybe"))
        }
    }

    @Test func `no rows, too few rows and no header are errors`() {
        #expect(throws: TrainingError.noRows) { try train(["id,visits,left"], SampleData.layout) }
        #expect(throws: TrainingError.tooFewRows(rows: 2, needed: 10)) {
            try train(["id,visits,left", "a,1,yes", "b,2,no"], SampleData.layout)
        }
        #expect(throws: TrainingError.csv(CSVError(.noHeader, line: 1))) { try train([]) }
    }

    @Test func `a ragged line is named by its number`() {
        var lines = SampleData.lines(rows: 50)
        lines[17] += ",more"
        #expect(throws: TrainingError.csv(CSVError(.ragged(expected: 6, found: 7), line: 18))) { try train(lines) }
    }

    @Test func `a row without a label is named by its number`() {
        var lines = SampleData.lines(rows: 50)
        lines[9] = "c8,1,2,30,gold, "
        #expect(throws: TrainingError.noLabel(column: "left", line: 10)) { try train(lines) }
    }

    @Test func `too many levels are an error that names the column and the line`() {
        let lines = SampleData.lines(rows: 200)
        let layout = CSVLayout(label: "left", positive: "yes")
        #expect(throws: TrainingError.tooManyLevels(column: "id", levels: 101, line: 102, limit: 100)) {
            try train(lines, layout)
        }
    }

    @Test func `a value that may not miss and does is an error with the line`() {
        #expect(throws: TrainingError.missingValue(column: "amount", line: 6)) {
            try train(SampleData.lines(rows: 50), missing: ["amount": .refuse])
        }
    }

    @Test func `a policy for the wrong kind or column is an error`() {
        for missing in [["amount": MissingPolicy.level], ["plan": .zero], ["nobody": .mean]] {
            let error = #expect(throws: TrainingError.self) { try train(SampleData.lines(rows: 50), missing: missing) }
            #expect(error?.isSetting == true)
        }
    }

    @Test func `separable data without a penalty is an error that names what separates`() throws {
        let lines = SampleData.lines(rows: 200)
        let flagged = adding("flag", lines) { lines[$0 + 1].hasSuffix("yes") && $0 % 3 == 0 ? "on" : "off" }
        let error = #expect(throws: TrainingError.self) { try train(flagged, lambda: 0) }
        #expect(error?.description.contains("flag = on (all ") == true)
        let warned = try train(flagged, lambda: 1e-3)
        #expect(warned.warnings.contains { $0.contains("flag = on (all ") })

        let number = adding("score", lines) { "\(lines[$0 + 1].hasSuffix("yes") ? 100 + $0 : $0 % 90)" }
        let second = #expect(throws: TrainingError.self) { try train(number, lambda: 0) }
        #expect(second?.description.contains("score (every churner is above all others)") == true)
    }

    @Test func `two columns that separate only together are found by the solver`() {
        var generator = SeededGenerator(seed: 31)
        var lines = ["id,a,b,left"]
        for row in 0..<300 {
            let a = Double.random(in: 0...1, using: &generator)
            let b = Double.random(in: 0...1, using: &generator)
            if abs(a - b) < 0.02 { continue }
            lines.append("c\(row),\(a),\(b),\(a > b ? "yes" : "no")")
        }
        let error = #expect(throws: TrainingError.self) { try train(lines, lambda: 0) }
        #expect(error?.description.contains("separates the classes") == true, "\(error.map(\.description) ?? "fitted")")
        #expect(throws: Never.self) { try train(lines, lambda: 1e-3) }
    }

    @Test func `an outlier far away is no separation`() throws {
        var lines = SampleData.lines(rows: 300)
        lines.append("x,100000,5,30,gold,no")
        let result = try train(lines, lambda: 0)
        #expect(result.file.contents.solver.iterations < 50)
    }

    // MARK: What comes out

    @Test func `constant, empty and redundant columns stay in the schema with weight 0`() throws {
        var lines = adding("same", SampleData.lines(rows: 200)) { _ in "5" }
        lines = adding("nothing", lines) { _ in "" }
        lines = lines.enumerated().map { row, line in
            let visits = line.split(separator: ",", omittingEmptySubsequences: false)[3]
            return line + "," + (row == 0 ? "twice" : "\(2 * (Int(visits) ?? 0) + 1)")
        }
        let held = try train(lines, lambda: 1e-3)
        #expect(held.file.contents.features.map(\.unused) == ["empty", "constant", nil, nil, nil, nil, nil])
        let free = try train(lines, lambda: 0)
        #expect(free.file.contents.features.map(\.unused) == ["empty", "constant", nil, nil, nil, nil, "redundant"])
        guard case .number(let weight, _) = free.file.contents.parameters.effects[6] else {
            Issue.record("twice is a number")
            return
        }
        #expect(weight == 0)
        var row = FeatureRow(count: 7)
        for feature in 0..<7 where feature != 5 { row.setNumber(feature, 3) }
        row.setLevel(5, 0)
        #expect(free.file.model.score(&row) == .scored)
        #expect(row.contribution(0) == 0 && row.contribution(1) == 0 && row.contribution(6) == 0)
    }

    @Test func `a model that says no more than a constant says so before all else`() throws {
        var generator = SeededGenerator(seed: 40)
        var lines = ["id,noise,other,flag,left"]
        for row in 0..<200 {
            let isLeaving = Bool.random(using: &generator)
            let noise = Double.random(in: 0...1, using: &generator)
            let other = Double.random(in: 0...1, using: &generator)
            lines.append("c\(row),\(noise),\(other),\(row == 0 ? "on" : "off"),\(isLeaving ? "yes" : "no")")
        }
        let result = try train(lines, lambda: 1e-6)
        let quality = result.file.contents.quality
        #expect(try #require(quality.logLoss) >= #require(quality.logLossConstant))
        #expect(result.warnings.count == 2 && result.warnings[1].contains("flag = on"))
        #expect(result.text.hasPrefix("warning: the model is no better than always saying the share"))
    }

    @Test func `rows of one customer share the fold of the first`() {
        #expect(CrossValidation.folds(of: [0, 1, 2, 3, 4, 5, 6]) == [0, 1, 2, 3, 4, 0, 1])
        #expect(CrossValidation.folds(of: [0, 0, 1, 0, 2, 1, 3]) == [0, 0, 2, 0, 4, 2, 1])
    }

    @Test func `out of fold logits are those of fits without the fold`() throws {
        let (encoded, table) = try SampleData.encoded(rows: 200)
        let folds = CrossValidation.folds(of: table.customers)
        var validation = try CrossValidation(encoded, labels: table.labels, folds: folds)
        let logits = try validation.logits(lambda: 0.01)
        let training = (0..<Int32(200)).filter { $0 % 5 != 3 }
        let fit = try LogisticFit(encoded, labels: table.labels, rows: training, lambda: 0.01)
        let held = (0..<Int32(200)).filter { $0 % 5 == 3 }
        let expected = fit.model(encoded.schema).logits(encoded, rows: held)
        for (row, value) in zip(held, expected) { #expect(abs(logits[Int(row)] - value) < 1e-9) }
    }

    @Test func `λ is chosen by the log loss out of fold, the larger among equals`() throws {
        let result = try SampleData.train(rows: 300, lambda: nil)
        let lambda = result.file.contents.penalty.lambda
        #expect(LambdaSearch.grid.contains(lambda))
        let loss = try #require(result.file.contents.quality.logLoss)
        for other in [1, 0.1, 0.001, 1e-6] where other != lambda {
            let found = try #require(SampleData.train(rows: 300, lambda: other).file.contents.quality.logLoss)
            #expect(loss <= found + 1e-6)
            if other > lambda { #expect(found > loss + 1e-7) }
        }
    }

    @Test func `a level that training never saw contributes nothing`() throws {
        let model = try SampleData.train().file.model
        var row = FeatureRow(count: 4)
        for feature in 0..<3 { row.setNumber(feature, 30) }
        row.setUnseen(3)
        #expect(model.score(&row) == .scored)
        #expect(row.contribution(3) == 0)
    }

    @Test func `missing values of a category become a level of their own, of a number the mean`() throws {
        let features = try SampleData.train().file.contents.features
        #expect(features.map(\.missing) == [.mean, .mean, .mean, .level])
        #expect(features[3].levels == ["basic", "gold", "silver, \"plus\""])
    }

    @Test func `numbers are levels where they are said to be`() throws {
        var layout = SampleData.layout
        layout.features = ["visits", "plan"]
        layout.categorical = ["visits"]
        let features = try train(SampleData.lines(rows: 300), layout).file.contents.features
        #expect(features[0].levels.prefix(4) == ["0", "1", "10", "11"])
    }

    @Test func `the report says what a schedule needs to know`() throws {
        let result = try SampleData.train()
        let json = result.json(path: "model.json", isUnchanged: false, seconds: 0.5)
        #expect(json["status"] == "done" && json["file"] == "model.json" && json["command"] == "train")
        #expect(json["split"]?["folds"] == 5)
        #expect(json["rows"]?["train"] == 300)
        #expect(json["test"]?["auc"]?.number == result.file.contents.quality.auc)
        #expect(json["version"]?.string == result.file.version)
        #expect(result.text.contains("Model \(result.file.version): logistic"))
        let failure = TrainingError.noLabel(column: "left", line: 10)
        #expect(failure.line == 10 && failure.column == "left" && failure.code == "no_label" && !failure.isSetting)
    }
}
