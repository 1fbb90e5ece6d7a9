import Testing

extension EndToEnd {
    /// Tests that need no more than a service that runs; they share one.
    @Suite(.runningService)
    struct OneService {}
}
