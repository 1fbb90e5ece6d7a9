package import Logging
import Synchronization

/// Log lines since the start, for `/metrics`.
package final class LogCounts: Sendable {
    package static let shared = LogCounts()

    private let lines = InlineArray<7, Atomic<Int>> { _ in Atomic(0) }
    private let dropped = Atomic(0)

    private init() {}

    func count(_ level: Logger.Level) {
        lines[Self.index(level)].wrappingAdd(1, ordering: .relaxed)
    }

    func countDropped() { dropped.wrappingAdd(1, ordering: .relaxed) }

    /// Lines of `level` since the start.
    package func lines(_ level: Logger.Level) -> Int { lines[Self.index(level)].load(ordering: .relaxed) }

    /// Lines that standard error did not take.
    var droppedCount: Int { dropped.load(ordering: .relaxed) }

    private static func index(_ level: Logger.Level) -> Int { Logger.Level.allCases.firstIndex(of: level) ?? 0 }
}
