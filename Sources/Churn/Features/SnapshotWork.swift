import Learning
import Linux
import Postgres
import Synchronization

/// The dates of a run, computed on two connections: most of a date's time is spent storing it, and dates do not depend on
/// each other.
///
/// Each connection has a stretch of neighbouring dates, so that both together count most events once.
final class SnapshotWork: Sendable {
    private static let connections = 2
    /// With fewer dates for each of them a second connection would count more than it spares.
    private static let datesMin = 3

    private let run: SnapshotRun
    private let stretches: [ArraySlice<Int>]
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var counts = SnapshotRun.Counts()
        var hasTooManyServices = false
        var failure: CommandError?
        /// Of each stretch.
        var done: [Int]
        var progress: Progress
    }

    /// - Parameter days: since 1970-01-01, ascending.
    init(_ run: SnapshotRun, days: [Int], isQuiet: Bool) {
        self.run = run
        let parts = days.count >= Self.connections * Self.datesMin ? Self.connections : 1
        stretches = (0..<parts).map { days[$0 * days.count / parts..<($0 + 1) * days.count / parts] }
        state = Mutex(State(done: stretches.map { _ in 0 }, progress: Progress("features", isQuiet: isQuiet)))
    }

    /// What happened to the snapshots, once the work is done.
    var counts: SnapshotRun.Counts { state.withLock { $0.counts } }

    /// Computes the dates that need it.
    ///
    /// - Returns: false where there are more services than can be, and dates were left undone.
    func perform(_ conninfo: String) throws(CommandError) -> Bool {
        LoopRunner.threads(stretches.count).run(count: stretches.count) { stretch in
            do throws(PostgresError) {
                try self.compute(stretch, conninfo)
            } catch {
                self.state.withLock { if $0.failure == nil { $0.failure = CommandError(error) } }
            }
        }
        let (failure, hasTooManyServices) = state.withLock { state in
            state.progress.finish()
            return (state.failure, state.hasTooManyServices)
        }
        if let failure { throw failure }
        return !hasTooManyServices
    }

    private func compute(_ stretch: Int, _ conninfo: String) throws(PostgresError) {
        var connection = try Connection(conninfo, as: .command, applicationName: "churn features")
        // Room for the groups; what does not fit goes through the disk. Compiling plans costs more than these take.
        try connection.run(script: "SET work_mem = '128MB'; SET jit = off")
        var counts = SnapshotRun.Counts()
        let isDone = try run.compute(Array(stretches[stretch]), &counts, &connection) { done, _ in
            advance(stretch, done)
        }
        state.withLock { state in
            state.counts.add(counts)
            if !isDone { state.hasTooManyServices = true }
        }
    }

    private func advance(_ stretch: Int, _ done: Int) {
        state.withLock { state in
            state.done[stretch] = done
            state.progress.update(state.done.reduce(0, +), of: stretches.reduce(0) { $0 + $1.count })
        }
    }
}
