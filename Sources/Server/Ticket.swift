package import HTTP

/// The right to answer one request.
///
/// It stays valid for as long as the answer is awaited. Answering twice, or after the client has gone, does nothing.
package struct Ticket: Sendable {
    /// Which connection: its generation in the upper half, its slot in the lower.
    package let client: UInt64

    /// Which request of this connection; answers leave in this order.
    package let sequence: UInt32

    /// Whether no request is read after this one: its answer says `Connection: close`.
    package internal(set) var closes: Bool

    /// Whether the request was HEAD: its answer has no body.
    package let isHead: Bool

    /// What its answer says of the caller's quota, where he has one.
    package var rateLimit: RateLimit?

    /// When the turn began that read the end of the request, in nanoseconds of the monotonic clock.
    ///
    /// How long a client takes to send is not in it. That others of the same turn were served before is, as it is for the
    /// client; and the clock need not be read for each request.
    package internal(set) var startedAt: Int
}
