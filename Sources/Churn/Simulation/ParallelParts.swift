import Linux
import Synchronization

/// Makes the parts of a whole on several threads, and hands them out in order.
enum ParallelParts {
    /// Calls `body` with each part, made by `make`; `threads` of them are made at once.
    static func forEach<Part: Sendable>(
        _ count: Int, threads: Int, make: @escaping @Sendable (Int) -> Part, _ body: (Part) throws(CommandError) -> Void
    ) throws(CommandError) {
        var first = 0
        while first < count {
            let round = first..<min(first + threads, count)
            for part in try parts(round, make) { try body(part) }
            first = round.upperBound
        }
    }

    private static func parts<Part: Sendable>(
        _ range: Range<Int>, _ make: @escaping @Sendable (Int) -> Part
    ) throws(CommandError) -> [Part] {
        let results = Results<Part>()
        var threads: [Thread] = []
        do throws(SystemError) {
            for index in range.dropFirst() {
                threads.append(try Thread(named: "part") { results.set(index, make(index)) })
            }
        } catch {
            for thread in threads { thread.join() }
            throw CommandError(.inputOutput, "a thread cannot be started: \(error)")
        }
        results.set(range.lowerBound, make(range.lowerBound))
        for thread in threads { thread.join() }
        return results.inOrder
    }

    /// What the threads of one round have made; each writes its own, the caller reads when all have ended.
    private final class Results<Part: Sendable>: Sendable {
        private let parts = Mutex<[Int: Part]>([:])

        func set(_ index: Int, _ part: Part) { parts.withLock { $0[index] = part } }

        var inOrder: [Part] { parts.withLock { parts in parts.sorted { $0.key < $1.key }.map(\.value) } }
    }
}
