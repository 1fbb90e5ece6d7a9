import Learning
import Postgres

/// Training on the snapshots of the database.
extension Train {
    /// Learns from the one definition that was chosen.
    ///
    /// - Returns: also warnings of what the database should be asked to do first.
    static func learn(
        _ choice: SnapshotChoice, _ settings: TrainingSettings, _ session: inout CommandSession
    ) throws(CommandError) -> (TrainingResult, SnapshotDefinition, warnings: [String]) {
        let definition = try choice.definition(&session)
        let (data, stale) = try session.perform { connection throws(PostgresError) in
            let stale = try SnapshotDate.all(definition, &connection).count(where: \.isStale)
            return (try SnapshotReader.table(definition, &connection), stale)
        }
        var settings = settings
        settings.horizonDays = definition.days.horizonDays
        settings.trainFrom = choice.trainFrom
        settings.testDay = choice.testDay
        settings.schema.titles = StandardFeatures.titles
        settings.schema.units = StandardFeatures.units
        let result: TrainingResult
        do throws(TrainingError) { result = try Training.train(data, settings) } catch {
            throw CommandError(training: error)
        }
        let advice = "events have changed since the snapshots of \(stale) dates: run churn features for them again"
        return (result, definition, stale > 0 ? [advice] : [])
    }
}

extension SnapshotDate {
    /// Whether events have changed since the features, or the labels, were computed.
    fileprivate var isStale: Bool {
        featuresRevision != featuresRevisionNow || labelsRevision != nil && labelsRevision != labelsRevisionNow
    }
}
