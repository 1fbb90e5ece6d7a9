import Bytes
import HTTP
import Server

/// A prediction whose caller named it by an `Idempotency-Key`, on its way to the clerk.
struct NamedRequest: Sendable {
    let worker: Int
    let ticket: Ticket
    /// Who asks, what for, and the name, as one digest.
    let key: UInt128
    /// The query and the body, as a digest: what must be the same under the same name.
    let digest: UInt128
    let body: [UInt8]
    let takesGzip: Bool
    let allowsStale: Bool
    let requestID: [UInt8]
    let correlationID: [UInt8]
    /// What it costs its key beyond the first token; nil where there is no rate.
    let bucket: TokenBucket?
    /// In monotonic nanoseconds.
    let askedAt: Int
}

/// What became of one of them; the raw value is its label in the metrics.
enum NamedResult: String, CaseIterable {
    /// Scored and stored.
    case stored
    /// Answered with the answer that was there.
    case repeated
    /// Another request under the same name.
    case reused
}

/// What the clerk has to say to one of them.
struct NamedAnswer: Sendable {
    let ticket: Ticket
    /// A whole answer.
    let bytes: [UInt8]
    let status: Status
}
