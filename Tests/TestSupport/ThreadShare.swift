/// What a thread gets of a processor.
package struct ThreadShare: Equatable, Sendable {
    package let nice: Int
    /// How long its turns are, in nanoseconds; nil before Linux 6.12, which has turns of one length, and where it does not tell.
    package let turn: Int?

    /// - Parameter task: the folder of the thread, such as `/proc/thread-self` (proc(5)).
    package init?(task: String) {
        // The name of a thread may hold anything; what follows its bracket does not.
        let fields = text(ofFile: task + "/stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 16, let nice = Int(fields[16]) else { return nil }
        self.nice = nice
        let slice = text(ofFile: task + "/sched").split(separator: "\n").first { $0.hasPrefix("se.slice ") }
        turn = Self.hasTurns ? slice?.split(separator: " ").last.flatMap { Int($0) } : nil
    }

    private static let hasTurns: Bool = {
        let release = text(ofFile: "/proc/sys/kernel/osrelease").split(separator: ".")
        return !release.prefix(2).compactMap { Int($0) }.lexicographicallyPrecedes([6, 12])
    }()

    /// Whether somebody who wakes up with another share goes before this one.
    package func givesWay(to other: ThreadShare) -> Bool {
        guard nice > other.nice else { return false }
        guard let turn, let others = other.turn else { return true }
        return turn > 10 * others
    }
}
