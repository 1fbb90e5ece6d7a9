import Learning
import Postgres

/// A model of the registry with its file: what commands judge and score with.
struct RegisteredModel: Sendable {
    let record: ModelRecord
    let file: ModelFile
    let serving: ServingModel

    var entry: ModelRegistry.Entry { record.entry }

    init(_ record: ModelRecord, _ session: inout CommandSession) throws(CommandError) {
        self.record = record
        file = try session.modelFile(record.entry)
        serving = ServingModel(file, number: record.entry.number)
    }

    /// The model that was chosen; nil when there is none.
    static func find(
        _ choice: ModelChoice, _ session: inout CommandSession
    ) throws(CommandError) -> RegisteredModel? {
        let record = try session.perform { (connection) throws(PostgresError) in try choice.find(&connection) }
        guard let record else { return nil }
        return try RegisteredModel(record, &session)
    }
}
