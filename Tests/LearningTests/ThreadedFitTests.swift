import Learning
import Synchronization
import TestSupport
import Testing

/// Parts of a loop on threads of their own, the last part first.
private func threads(_ count: Int) -> LoopRunner {
    LoopRunner { parts, body in
        let next = Counter(parts)
        concurrently(count) { _ in while let part = next.take() { body(part) } }
    }
}

private final class Counter: Sendable {
    private let rest: Atomic<Int>

    init(_ count: Int) { rest = Atomic(count) }

    func take() -> Int? {
        let number = rest.wrappingSubtract(1, ordering: .relaxed).newValue
        return number >= 0 ? number : nil
    }
}

struct ThreadedFitTests {
    @Test func `the number of threads changes nothing at all`() throws {
        let (encoded, table) = try SampleData.encoded(rows: 3000)
        let rows = Array(0..<Int32(table.count))
        for ratio in [0, 0.5] {
            var settings = FitSettings()
            settings.l1Ratio = ratio
            let alone = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: 1e-3, settings)
            for count in [1, 2, 3, 7] {
                settings.runner = threads(count)
                let shared = try LogisticFit(encoded, labels: table.labels, rows: rows, lambda: 1e-3, settings)
                #expect(shared.parameters == alone.parameters, "\(count) threads")
                #expect(shared.solution.value == alone.solution.value)
                #expect(shared.solution.gradient == alone.solution.gradient)
            }
        }
    }

    @Test func `a loop gives its values in order, whoever computes them`() {
        #expect(threads(3).map(count: 100) { $0 * $0 } == (0..<100).map { $0 * $0 })
        #expect(LoopRunner.serial.map(count: 0) { $0 }.isEmpty)
    }
}
