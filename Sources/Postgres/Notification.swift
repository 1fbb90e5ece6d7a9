/// What somebody sent with NOTIFY.
package struct Notification: Equatable, Sendable {
    package let channel: String
    package let payload: String
    /// The server process of the sender.
    package let backendPID: Int
}
