import Bytes
import HTTP
import Server

extension ResponseEncoder {
    /// Begins the answer to one request: what its ticket says of the connection and of its caller's quota.
    init(_ status: Status, _ ticket: Ticket, _ date: DateCache, into output: inout ByteBuffer) {
        self.init(status, closes: ticket.closes, date: date, into: &output)
        if let limit = ticket.rateLimit { rateLimit(limit, into: &output) }
    }
}

extension DateCache {
    /// The Date field at the time of this wake.
    init(_ loop: borrowing Loop) { self.init(secondsSince1970: loop.wallMicroseconds / 1_000_000) }
}
