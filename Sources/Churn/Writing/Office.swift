import Linux
import Logging

/// What a worker shares with the rest of the process: values to read, counters to add to, a mailbox to write to.
struct Office: Sendable {
    /// The worker's number, from 0.
    let worker: Int
    let keeper: Mailbox<KeeperMessage>
    let clerk: Mailbox<WorkerMessage>
    /// Nil where nothing is published.
    let desk: PublishingDesk?
    let state: ServiceState
    let metrics: WorkerMetrics
    let log: Logger
}
