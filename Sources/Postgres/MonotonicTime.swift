import Linux

/// The clock of deadlines that are handed to `poll`, which counts in milliseconds.
func monotonicMilliseconds() -> Int { Clock.monotonicNanoseconds() / 1_000_000 }
