import Learning
import Postgres

/// The dates of which it is known who left, and which of them may judge a model.
struct MatureDates: Sendable {
    /// Nil where nothing is stored of the model's definition.
    let definition: SnapshotDefinition?
    /// Days since 1970-01-01, ascending.
    let days: [Int]

    /// - Parameter days: what the model means by churn; nil when it was not trained on snapshots.
    static func read(_ days: Definition?, _ connection: inout Connection) throws(PostgresError) -> MatureDates {
        guard let days, let definition = try SnapshotDefinition.all(&connection).first(where: { $0.days == days })
        else { return MatureDates(definition: nil, days: []) }
        let dates = try SnapshotDate.all(definition, &connection)
        return MatureDates(
            definition: definition, days: dates.filter { $0.labelsRevision != nil && $0.customers != 0 }.map(\.day))
    }

    /// The newest date that looks into no label on which one of the models was trained or chosen.
    func newest(unseenBy models: [ModelContents]) -> Int? {
        let first = models.compactMap(\.firstDayUnseen).max() ?? .min
        return days.last { $0 >= first }
    }

    var text: String { days.map { CommandText.date($0) }.joined(separator: ", ") }
}
