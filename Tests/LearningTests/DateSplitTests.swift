import Bytes
import Learning
import Testing

struct DateSplitTests {
    private func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
        CivilTime(year: year, month: month, day: day).daysSince1970
    }

    @Test func `the parts of the reference dates are those of the reference`() throws {
        let days = Array(stride(from: day(1997, 4, 1), through: day(1998, 3, 3), by: 28))
        let split = try DateSplit(days, horizonDays: 90)
        #expect(split.training.map { DatedTable.name(days[$0]) }.last == "1997-07-22")
        #expect(split.training.count == 5)
        #expect(DatedTable.name(days[split.validation]) == "1997-11-11")
        #expect(DatedTable.name(days[split.test]) == "1998-03-03")
    }

    @Test func `the first day to train on and the day to test on can be chosen`() throws {
        let days = Array(stride(from: 100, through: 400, by: 30))
        let split = try DateSplit(days, horizonDays: 60, trainFrom: 130, testDay: 340)
        #expect(split.training.map { days[$0] } == [130, 160, 190, 220])
        #expect(days[split.validation] == 280 && days[split.test] == 340)
    }

    @Test(
        arguments: [
            ([], nil, nil, "no date is mature"),
            ([0], nil, nil, "no date to choose on is 30 days or more before the test date 1970-01-01"),
            ([0, 29], nil, nil, "no date to choose on"),
            ([0, 30], nil, nil, "no date to train on is 30 days or more before the validation date 1970-01-01"),
            ([0, 30, 60], 1, nil, "and not before 1970-01-02"),
            ([0, 30, 60], nil, 45, "1970-02-15, the test date, is not mature"),
        ] as [([Int], Int?, Int?, String)]) func `a part without a date is an error that lists the mature dates`(
            days: [Int], from: Int?, test: Int?, text: String
        )
    {
        let error = #expect(throws: TrainingError.self) {
            try DateSplit(days, horizonDays: 30, trainFrom: from, testDay: test)
        }
        #expect(error?.description.contains(text) == true, "\(error.map(\.description) ?? "split")")
        for day in days { #expect(error?.description.contains(DatedTable.name(day)) == true) }
        #expect(error?.code == "too_few_dates" && error?.isSetting == false)
    }

    @Test func `of very many dates the ends are listed`() {
        let error = TrainingError.tooFewDates(problem: "none", mature: (0..<400).map(DatedTable.name))
        #expect(error.description.hasPrefix("none; the mature dates are 1970-01-01, 1970-01-02, "))
        #expect(error.description.hasSuffix(", 1971-02-04 (400 in all)"))
        #expect(error.description.utf8.count < 400)
    }
}
