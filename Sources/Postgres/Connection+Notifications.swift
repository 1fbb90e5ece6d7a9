import CPostgres

extension Connection {
    /// Asks for the notifications of a channel: a name of this program, not of a user.
    package mutating func listen(to channel: String) throws(PostgresError) {
        precondition(channel.utf8.allSatisfy { $0 == UInt8(ascii: "_") || ($0 >= 97 && $0 <= 122) }, "a plain name")
        try execute("LISTEN \(channel)")
    }

    /// Waits for a notification; nil when none came in time.
    package mutating func awaitNotification(milliseconds: Int) throws(PostgresError) -> Notification? {
        let deadline = monotonicMilliseconds() + milliseconds
        while true {
            if let notification = takeNotification() { return notification }
            guard socket >= 0 else { throw PostgresError.connectionLost }
            guard try awaitSocket(writable: false, deadline) else { return nil }
            if unsafe PQconsumeInput(handle) == 0 { throw PostgresError.connectionLost }
        }
    }

    /// A notification that has come already; reads nothing.
    package mutating func takeNotification() -> Notification? {
        guard let heard = unsafe PQnotifies(handle) else { return nil }
        defer { unsafe PQfreemem(heard) }
        return unsafe Notification(
            channel: String(cString: heard.pointee.relname), payload: String(cString: heard.pointee.extra),
            backendPID: Int(heard.pointee.be_pid))
    }
}
