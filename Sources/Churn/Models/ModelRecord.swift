import JSON
import Postgres

/// A row of the table `models`, without the file itself.
struct ModelRecord: Sendable {
    static let columns = "number, version, state, created_at, promoted_at, metrics::text"

    let entry: ModelRegistry.Entry
    let state: ModelState
    /// Microseconds since 1970.
    let createdAt: Int
    let promotedAt: Int?
    /// What the file says of the model, without curves and golden rows.
    let summary: JSONValue

    /// Reads `columns`, which stand first in the result.
    init(_ result: borrowing QueryResult, _ row: Int) throws(PostgresError) {
        guard let number = result.integer(row, 0), let version = result.text(row, 1),
            let state = ModelState(rawValue: result.text(row, 2) ?? ""), let createdAt = result.timestamp(row, 3)
        else { throw .unsuitable("a row of the table models cannot be read") }
        entry = ModelRegistry.Entry(number: Int32(truncatingIfNeeded: number), version: version)
        self.state = state
        self.createdAt = createdAt
        promotedAt = result.timestamp(row, 4)
        do throws(JSONError) {
            summary = try JSONValue(parsing: result.bytes(row, 5))
        } catch {
            throw .unsuitable("the metrics of model \(version) are not JSON")
        }
    }

    /// The model as commands print it: what the table says, then what the file says.
    var json: JSONValue {
        let known = ["version", "model"]
        let members = (summary.members ?? []).filter { !known.contains($0.key) }
        return .object(
            [
                .init("number", .count(Int(entry.number))), .init("version", .string(entry.version)),
                .init("state", .string(state.rawValue)), .init("created_at", .instant(createdAt)),
                .init("promoted_at", .instant(promotedAt)),
                .init("model", summary["model"] ?? .null),
            ] + members)
    }
}
