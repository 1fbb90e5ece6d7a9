import HTTP
import Server

/// The descriptors that a worker watches besides its clients.
enum EventSource {
    static let writer: UInt32 = 1
    static let reader: UInt32 = 2
}

extension DateCache {
    /// The Date field at the time of this wake.
    init(_ loop: borrowing Loop) { self.init(secondsSince1970: loop.wallMicroseconds / 1_000_000) }
}
