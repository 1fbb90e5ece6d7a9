import Learning
import Postgres

/// Which snapshots of the database are meant: of what definition, and from when to when.
package struct SnapshotChoice: Sendable {
    let windowDays: Int?
    let horizonDays: Int?
    let activeDays: Int?
    /// Days since 1970-01-01.
    let trainFrom: Int?
    let testDay: Int?

    package init(
        window: String?, horizon: String?, active: String?, trainFrom: String?, test: String?
    ) throws(CommandError) {
        windowDays = try Self.read(window, "--window", CommandText.days(_:option:))
        horizonDays = try Self.read(horizon, "--horizon", CommandText.days(_:option:))
        activeDays = try Self.read(active, "--active", CommandText.days(_:option:))
        self.trainFrom = try Self.read(trainFrom, "--train-from", CommandText.day(_:option:))
        testDay = try Self.read(test, "--test", CommandText.day(_:option:))
    }

    private static func read(
        _ text: String?, _ option: String, _ read: (String, String) throws(CommandError) -> Int
    ) throws(CommandError) -> Int? {
        guard let text else { return nil }
        return try read(text, option)
    }

    /// The one definition that fits.
    func definition(_ session: inout CommandSession) throws(CommandError) -> SnapshotDefinition {
        let all = try session.perform { connection throws(PostgresError) in
            try SnapshotDefinition.all(&connection)
        }
        let fitting = all.filter { fits($0.days) }
        if fitting.count == 1 { return fitting[0] }
        if all.isEmpty {
            throw CommandError(.data, "there are no snapshots: churn features makes them", code: "no_snapshots")
        }
        let list = (fitting.isEmpty ? all : fitting).map(\.text).joined(separator: "; ")
        let problem = fitting.isEmpty ? "no definition is like that" : "several definitions have snapshots"
        throw CommandError(
            .data, "\(problem): choose with --window, --horizon and --active; there are \(list)",
            code: fitting.isEmpty ? "no_definition" : "several_definitions")
    }

    private func fits(_ days: Definition) -> Bool {
        days.windowDays == windowDays ?? days.windowDays && days.horizonDays == horizonDays ?? days.horizonDays
            && days.activeDays == activeDays ?? days.activeDays
    }
}
