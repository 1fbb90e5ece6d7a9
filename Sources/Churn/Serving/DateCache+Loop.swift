import HTTP
import Server

extension DateCache {
    /// The Date field at the time of this wake.
    init(_ loop: borrowing Loop) { self.init(secondsSince1970: loop.wallMicroseconds / 1_000_000) }
}
