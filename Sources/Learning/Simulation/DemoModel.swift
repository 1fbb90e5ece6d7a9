import Bytes

/// The model that ships with the program, trained on made-up customers by `Simulator`.
package enum DemoModel {
    package static let seed = 4
    package static let definition = Definition(windowDays: 90, horizonDays: 30, activeDays: 30)
    private static let customers = 20_000
    private static let from = CivilTime(year: 2024, month: 11, day: 22)
    private static let to = CivilTime(year: 2026, month: 11, day: 22)

    /// Trains the model of `Models/demo.json`: the same bytes each time.
    package static func train() throws(TrainingError) -> TrainingResult {
        try train(Simulator(customers: customers, from: from, to: to, seed: UInt64(seed)), seed: seed)
    }

    /// Trains on the customers of `simulator`, at a date every 30 days from the first whose window is full.
    ///
    /// The last date whose horizon is over tests, the one a horizon before it validates, those a horizon before that and
    /// earlier train.
    package static func train(_ simulator: Simulator, seed: Int) throws(TrainingError) -> TrainingResult {
        let first = simulator.from + definition.windowDays
        let days = Array(stride(from: first, through: simulator.to - definition.horizonDays, by: 30))
        var settings = TrainingSettings()
        settings.seed = seed
        settings.lambda = 1e-4
        settings.horizonDays = definition.horizonDays
        settings.schema.titles = StandardFeatures.titles
        settings.schema.units = StandardFeatures.units
        return try Training.train(DatedTable(simulator, days: days, definition), settings)
    }
}
