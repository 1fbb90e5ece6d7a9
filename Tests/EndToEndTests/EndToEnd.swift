import Testing

/// Everything that drives the built binary from outside, one test after another: they share two cores with it.
@Suite(.serialized, .lane)
enum EndToEnd {}

/// The same where brokers are, beside the others: these tests wait for groups to find together more than they compute.
@Suite(.serialized, .lane)
enum EndToEndWithKafka {}
