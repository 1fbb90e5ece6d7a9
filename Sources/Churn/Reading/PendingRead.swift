import HTTP
import Logging
import Server

/// A request that waits for what PostgreSQL knows.
struct PendingRead {
    let job: ReadJob
    let ticket: Ticket
    let route: Route
    let method: Method
    let takesGzip: Bool
    /// By what its caller knows it, for the log.
    let requestID: String?
    /// When the first question of this request was asked, in monotonic nanoseconds.
    let askedAt: Int
    /// What a log line about it says.
    var metadata: Logger.Metadata { .request(requestID, route) }

    /// Its caller has been told that no answer came in time.
    var isAbandoned = false

    /// The same request, which needs another answer of PostgreSQL before it can be answered itself.
    func followed(by job: ReadJob) -> PendingRead {
        PendingRead(
            job: job, ticket: ticket, route: route, method: method, takesGzip: takesGzip, requestID: requestID,
            askedAt: askedAt)
    }
}
