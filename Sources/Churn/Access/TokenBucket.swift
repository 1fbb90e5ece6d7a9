package import HTTP
import Synchronization

/// What is left of a key's rate: a bucket of `count` tokens that fills again within the window.
///
/// It is kept as one number, the time at which the bucket will be full (the generic cell rate algorithm, ITU-T I.371), so
/// that all workers share it with one atomic exchange and nothing has to fill it. What a request turns out to cost beyond
/// its first token is owed: the bucket is full later, and until it has caught up the key's next requests are refused.
package final class TokenBucket: Sendable {
    package let rate: KeyRate
    /// Nanoseconds in which one token comes back.
    private let interval: Int
    /// Nanoseconds in which an empty bucket fills.
    private let capacity: Int
    /// When it is full, in nanoseconds of the monotonic clock; a time that has passed is full, too.
    private let fullAt = Atomic<Int>(0)

    package init(_ rate: KeyRate) {
        self.rate = rate
        capacity = rate.windowSeconds * 1_000_000_000
        interval = capacity / rate.count
    }

    /// Takes one token.
    ///
    /// - Parameter now: nanoseconds of the monotonic clock.
    /// - Returns: nil when there was one; otherwise in how many nanoseconds there will be.
    package func take(now: Int) -> Int? {
        var full = fullAt.load(ordering: .relaxed)
        while true {
            let next = max(full, now) + interval
            if next - now > capacity { return next - now - capacity }
            let (isDone, seen) = fullAt.weakCompareExchange(expected: full, desired: next, ordering: .relaxed)
            if isDone { return nil }
            full = seen
        }
    }

    /// Takes `tokens` that may not be there.
    package func owe(_ tokens: Int, now: Int) {
        var full = fullAt.load(ordering: .relaxed)
        while true {
            let next = max(full, now) + tokens * interval
            let (isDone, seen) = fullAt.weakCompareExchange(expected: full, desired: next, ordering: .relaxed)
            if isDone { return }
            full = seen
        }
    }

    /// In how many nanoseconds there will be a token; nil when there is one.
    package func wait(now: Int) -> Int? {
        let wait = max(fullAt.load(ordering: .relaxed), now) + interval - now - capacity
        return wait > 0 ? wait : nil
    }

    /// In how many nanoseconds it is full.
    package func timeToFull(now: Int) -> Int { max(fullAt.load(ordering: .relaxed) - now, 0) }

    /// What answers say of it.
    package func rateLimit(now: Int) -> RateLimit {
        let time = timeToFull(now: now)
        return RateLimit(
            quota: rate.count, windowSeconds: rate.windowSeconds,
            remaining: min(max((capacity - time) / interval, 0), rate.count),
            resetSeconds: (time + 999_999_999) / 1_000_000_000)
    }
}
