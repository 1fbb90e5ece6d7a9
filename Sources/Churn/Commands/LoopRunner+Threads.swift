package import Learning
import Linux
import Synchronization

extension LoopRunner {
    /// Runs parts on so many threads, the calling one among them.
    ///
    /// Threads are made for each loop and take the next part as they come: a pass over data costs a thousand times more.
    /// Where one cannot be made the others do its work.
    package static func threads(_ count: Int) -> LoopRunner {
        precondition(count > 0, "a loop needs a thread")
        return LoopRunner { parts, body in
            let next = Counter()
            let work: @Sendable () -> Void = {
                while let part = next.take(below: parts) { body(part) }
            }
            var helpers: [Thread] = []
            for _ in 1..<max(min(count, parts), 1) {
                guard let helper = try? Thread(named: "fit", { work() }) else { break }
                helpers.append(helper)
            }
            work()
            for helper in helpers { helper.join() }
        }
    }
}

/// Hands out the numbers from 0 on, each once.
private final class Counter: Sendable {
    private let next = Atomic<Int>(0)

    func take(below end: Int) -> Int? {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return number < end ? number : nil
    }
}
