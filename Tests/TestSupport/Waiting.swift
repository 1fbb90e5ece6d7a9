import Glibc

/// What was waited for did not come in time.
package struct WaitedTooLong: Error, CustomStringConvertible {
    package let description: String
}

/// Seconds on the monotonic clock.
package func monotonicSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Whether the tests, and what they start, were built with a sanitizer.
package let isSanitized: Bool = {
    let sanitizers = ["__asan_init", "__tsan_init"]
    return sanitizers.contains { unsafe dlsym(nil, $0) != nil }
}()

/// By how much everything may take longer than a test allows for: a sanitizer makes it slow.
package let patience: Double = isSanitized ? 5 : 1

/// Asks again and again until the answer is not nil, and gives up at the deadline.
///
/// It rests as long as it asks: who asks PostgreSQL starts a process, which would keep a processor from what is waited for.
package func eventually<Value>(
    _ what: String, within seconds: Double = 10, _ ask: () throws -> Value?
) throws -> Value {
    let deadline = monotonicSeconds() + seconds * patience
    while true {
        let asked = monotonicSeconds()
        if let value = try ask() { return value }
        let now = monotonicSeconds()
        guard now < deadline else {
            throw WaitedTooLong(description: "after \(seconds * patience) s still waiting for \(what)")
        }
        poll(nil, 0, CInt(min(100, max(5, (now - asked) * 1_000))))
    }
}

/// Waits until the condition holds, and gives up at the deadline.
package func eventually(_ what: String, within seconds: Double = 10, holds condition: () throws -> Bool) throws {
    try eventually(what, within: seconds) { try condition() ? () : nil }
}
