import Glibc

/// The two clocks of the machine.
package enum Clock {
    /// Nanoseconds since some moment in the past; never set back, so this is the one for deadlines and durations.
    package static func monotonicNanoseconds() -> Int {
        let time = now(CLOCK_MONOTONIC)
        return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
    }

    /// Microseconds since 1970-01-01T00:00:00Z, as far as the machine knows.
    package static func wallMicroseconds() -> Int {
        let time = now(CLOCK_REALTIME)
        return time.tv_sec &* 1_000_000 &+ time.tv_nsec / 1000
    }

    @inline(__always)
    private static func now(_ clock: clockid_t) -> timespec {
        var time = timespec()
        // Fails only for a clock that does not exist or an address that is not ours.
        unsafe clock_gettime(clock, &time)
        return time
    }
}
