import Testing

/// Everything that drives the built binary from outside, one test after another: they share two cores with it.
@Suite(.serialized)
enum EndToEnd {}
