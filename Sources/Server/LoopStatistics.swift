/// What a worker has done with its connections since it started.
package struct LoopStatistics: Sendable {
    package init() {}

    /// Times that the worker woke up.
    package internal(set) var wakes = 0

    /// Connections accepted and kept.
    package internal(set) var accepted = 0

    /// Connections turned away with 503 because of the limit of connections.
    package internal(set) var overLimit = 0

    /// Connections turned away because the process had no descriptor left.
    package internal(set) var outOfDescriptors = 0

    /// Connections closed because no request came.
    package internal(set) var idleClosed = 0

    /// Connections cut because the client did not take its answer.
    package internal(set) var stalled = 0

    /// Connections that the client or the network cut while something was under way.
    package internal(set) var lost = 0
}
