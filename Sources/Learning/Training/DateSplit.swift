/// Which dates train, which one chooses and which one judges.
///
/// A horizon lies between the three, so that no label of one looks into the next.
package struct DateSplit: Sendable, Equatable {
    /// Places among the days.
    package let training: Range<Int>
    package let validation: Int
    package let test: Int

    /// The last date tests, the latest at least a horizon before it validates, those a horizon before that train.
    ///
    /// - Parameters:
    ///   - days: those whose labels are mature, ascending.
    ///   - trainFrom: the first day to train on, else the first of all.
    ///   - testDay: the day to test on, else the last.
    package init(
        _ days: [Int], horizonDays: Int, trainFrom: Int? = nil, testDay: Int? = nil
    ) throws(TrainingError) {
        func tooFew(_ problem: String) -> TrainingError {
            .tooFewDates(problem: problem, mature: days.map(DatedTable.name))
        }
        guard let test = testDay.map({ days.firstIndex(of: $0) }) ?? days.indices.last else {
            throw tooFew(testDay.map { "\(DatedTable.name($0)), the test date, is not mature" } ?? "no date is mature")
        }
        let testName = DatedTable.name(days[test])
        guard let validation = days.lastIndex(where: { $0 <= days[test] - horizonDays }) else {
            throw tooFew("no date to choose on is \(horizonDays) days or more before the test date \(testName)")
        }
        let lastTrained = days[validation] - horizonDays
        let training = days.indices.filter { days[$0] <= lastTrained && days[$0] >= trainFrom ?? .min }
        guard let first = training.first, let last = training.last else {
            let start = trainFrom.map { " and not before \(DatedTable.name($0))" } ?? ""
            throw tooFew(
                "no date to train on is \(horizonDays) days or more before the validation date"
                    + " \(DatedTable.name(days[validation]))\(start)")
        }
        self.training = first..<last + 1
        self.validation = validation
        self.test = test
    }
}
