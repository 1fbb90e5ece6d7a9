import Learning
import Postgres

/// The rows of one date, and what a model and its rival said of them.
struct JudgedDate: Sendable {
    /// Days since 1970-01-01.
    let day: Int
    let table: RawTable
    let rows: JudgedRows

    /// - Parameter rival: means the same by churn.
    init(
        _ definition: SnapshotDefinition, day: Int, _ model: RegisteredModel, rival: RegisteredModel?,
        _ session: inout CommandSession
    ) throws(CommandError) {
        self.day = day
        table = try session.table(definition, day: day, of: [model] + (rival.map { [$0] } ?? []))
        do throws(TableMismatch) {
            rows = try JudgedRows(table, candidate: model.file.model, champion: rival?.file.model)
        } catch {
            throw CommandError(
                .data, "the snapshots do not have the features of the model: \(error)", code: "unfit_snapshots")
        }
    }
}
