/// Why a client is turned away before anything was read from it.
///
/// The raw value is its label in the metrics.
package enum Shortage: String, CaseIterable, Sendable {
    /// The worker keeps as many clients as it may.
    case connections = "connection_limit"
    /// The process, or the machine, has no descriptor left.
    case descriptors = "descriptors"
}
