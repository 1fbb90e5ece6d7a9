import Bytes
import Learning
import TestSupport
import Testing

struct DatedTrainingTests {
    private let definition = Definition(windowDays: 90, horizonDays: 30, activeDays: 30)
    private let first = CivilTime(year: 2025, month: 4, day: 1).daysSince1970

    /// Snapshots of made-up customers every 30 days.
    private func snapshots(dates: Int) -> DatedTable {
        let shop = Simulator(
            customers: 800, from: CivilTime(year: 2025, month: 1, day: 1),
            to: CivilTime(year: 2026, month: 1, day: 1), seed: 5)
        return DatedTable(shop, days: (0..<dates).map { first + 30 * $0 }, definition)
    }

    private func settings() -> TrainingSettings {
        var settings = TrainingSettings()
        settings.lambda = 1e-3
        return settings
    }

    @Test func `the first day and the test day that were asked for are those of the file`() throws {
        var settings = settings()
        settings.trainFrom = first + 30
        settings.testDay = first + 150
        let split = try Training.train(snapshots(dates: 7), settings).file.contents.split
        let names = (0..<7).map { DatedTable.name(first + 30 * $0) }
        #expect(split.train.dates == Array(names[1...3]))
        #expect(split.validation?.dates == [names[4]] && split.test?.dates == [names[5]])
        #expect(split.embargoDays == 30 && split.folds == nil)
    }

    @Test func `too few dates end the run and list those there are`() {
        let error = #expect(throws: TrainingError.self) { try Training.train(snapshots(dates: 2), settings()) }
        #expect(error?.code == "too_few_dates")
        #expect(error?.description.contains("2025-04-01, 2025-05-01") == true)
    }

    @Test(arguments: [true, false]) func `a test date with one class gives nulls and a reason, not a crash`(
        outcome: Bool
    ) throws {
        let data = snapshots(dates: 4)
        var table = data.table
        for row in data.rows(3..<4) { table.labels[Int(row)] = outcome }
        let dated = DatedTable(
            table, source: .database, definition: definition, days: data.days, dates: data.dates, sha256: "")
        let result = try Training.train(dated, settings())
        let quality = result.file.contents.quality
        #expect(quality.auc == nil && quality.lift10 == (outcome ? 1 : nil))
        #expect(quality.reason == (outcome ? "everybody churned" : "nobody churned"))
        #expect(quality.logLoss != nil && result.validation.auc != nil)
        #expect(try ModelFile(reading: result.file.bytes).contents == result.file.contents)
        #expect(!result.text.isEmpty)
    }

    @Test func `one class to learn from, or to choose on, is an error that names the part`() {
        let data = snapshots(dates: 4)
        for (dates, part) in [(0..<2, "the training part"), (2..<3, "the validation date")] {
            var table = data.table
            for row in data.rows(dates) { table.labels[Int(row)] = false }
            let dated = DatedTable(
                table, source: .database, definition: definition, days: data.days, dates: data.dates, sha256: "")
            let error = #expect(throws: TrainingError.self) { try Training.train(dated, settings()) }
            #expect(error?.code == "one_class" && error?.description.hasPrefix(part) == true)
        }
    }

    @Test func `rows in any order give the same model`() throws {
        let data = snapshots(dates: 5)
        var generator = SeededGenerator(seed: 6)
        let order = data.table.labels.indices.shuffled(using: &generator)
        let shuffled = RawTable(
            columns: data.table.columns.map { column in
                guard case .numbers(let numbers) = column.values else { return column }
                return RawColumn(name: column.name, values: .numbers(order.map { numbers[$0] }))
            },
            labels: order.map { data.table.labels[$0] }, customers: order.map { data.table.customers[$0] })
        let dated = DatedTable(
            shuffled, source: .simulation, definition: definition, days: data.days, dates: order.map { data.dates[$0] },
            sha256: data.sha256)
        let one = try Training.train(data, settings()).file.contents
        let other = try Training.train(dated, settings()).file.contents
        #expect(abs(one.parameters.intercept - other.parameters.intercept) < 1e-10)
        let terms = zip(try #require(one.inference).effects, try #require(other.inference).effects)
        for (left, right) in terms {
            let (left, right) = (try #require(left.terms[0]), try #require(right.terms[0]))
            #expect(abs(left.standardError / right.standardError - 1) < 1e-9)
        }
        #expect(one.quality.auc == other.quality.auc)
    }
}
