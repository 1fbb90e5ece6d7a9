import Churn
import HTTP
import Synchronization
import TestSupport
import Testing

/// A key's rate: as many at once as the window allows, then one for each token that comes back.
struct TokenBucketTests {
    private let second = 1_000_000_000

    @Test func `a full bucket gives its tokens at once, and says when there is another one`() {
        let bucket = TokenBucket(KeyRate(count: 5, windowSeconds: 1)!)
        for _ in 0..<5 { #expect(bucket.take(now: 7 * second) == nil) }
        #expect(bucket.take(now: 7 * second) == second / 5)
        #expect(bucket.wait(now: 7 * second) == second / 5)
        #expect(bucket.timeToFull(now: 7 * second) == second)
        #expect(bucket.take(now: 7 * second + second / 5) == nil)
        #expect(bucket.take(now: 7 * second + second / 5) != nil)
    }

    @Test func `what is owed has to come back first`() {
        let bucket = TokenBucket(KeyRate(count: 10, windowSeconds: 60)!)
        #expect(bucket.take(now: 0) == nil)
        bucket.owe(19, now: 0)
        // Twenty of ten were taken: after a minute there is one again at the next token, six seconds later.
        #expect(bucket.take(now: 0) == 66 * second)
        #expect(bucket.take(now: 66 * second - 1) == 1)
        #expect(bucket.take(now: 66 * second) == nil)
    }

    @Test func `what answers say of it`() {
        let bucket = TokenBucket(KeyRate(count: 5, windowSeconds: 60)!)
        #expect(bucket.rateLimit(now: 0) == RateLimit(quota: 5, windowSeconds: 60, remaining: 5, resetSeconds: 0))
        #expect(bucket.take(now: 0) == nil)
        #expect(bucket.rateLimit(now: 0) == RateLimit(quota: 5, windowSeconds: 60, remaining: 4, resetSeconds: 12))
        #expect(bucket.rateLimit(now: second) == RateLimit(quota: 5, windowSeconds: 60, remaining: 4, resetSeconds: 11))
        bucket.owe(7, now: second)
        #expect(bucket.rateLimit(now: second) == RateLimit(quota: 5, windowSeconds: 60, remaining: 0, resetSeconds: 95))
    }

    /// Against a bucket that is counted in fractions, which shares no code with it.
    @Test func `over a long time exactly the rate is let through`() {
        var random = SeededGenerator(seed: 17)
        for (count, window) in [(1, 1), (3, 1), (100, 1), (7, 60), (1000, 3600)] {
            let bucket = TokenBucket(KeyRate(count: count, windowSeconds: window)!)
            let interval = window * second / count
            var tokens = count * interval
            var last = 0
            var now = 0
            for _ in 0..<2000 {
                now += Int.random(in: 0...interval * 2, using: &random)
                tokens = min(tokens + now - last, window * second)
                last = now
                let isLetIn = tokens >= interval
                #expect((bucket.take(now: now) == nil) == isLetIn, "\(count)/\(window) at \(now)")
                if isLetIn { tokens -= interval }
            }
        }
    }

    @Test func `threads that take at once take no token twice`() {
        let bucket = TokenBucket(KeyRate(count: 1000, windowSeconds: 3600)!)
        let taken = Atomic(0)
        concurrently(8) { _ in
            let mine = (0..<500).count { _ in bucket.take(now: 5 * self.second) == nil }
            taken.add(mine, ordering: .relaxed)
        }
        #expect(taken.load(ordering: .relaxed) == 1000)
    }
}
