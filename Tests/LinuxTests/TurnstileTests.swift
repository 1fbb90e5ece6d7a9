import Linux
import Synchronization
import TestSupport
import Testing

struct TurnstileTests {
    @Test func `threads go through in the order of their numbers, one at a time`() {
        let turnstile = Turnstile()
        let order = Mutex<[Int]>([])
        concurrently(4) { thread in
            // Each thread's numbers ascend, as they must: 3, 7, 11, … and so on.
            for number in stride(from: 3 - thread, to: 400, by: 4) {
                turnstile.pass(number) { order.withLock { $0.append(number) } }
            }
        }
        #expect(order.withLock { $0 } == Array(0..<400))
    }
}
