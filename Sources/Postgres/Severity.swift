/// How bad PostgreSQL says a message is, in the order of its badness.
package enum Severity: UInt8, Comparable, Sendable {
    /// Everything below a warning: debug, log, info, notice.
    case notice
    case warning
    /// The statement, and with it the transaction, failed.
    case error
    /// The session ended.
    case fatal
    /// The server ended.
    case panic

    package static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }

    /// Reads the field that is never translated (`V` of the protocol, from PostgreSQL 9.6 on).
    ///
    /// Its first letters tell the levels apart: WARNING, ERROR, FATAL, PANIC; the others count as a notice.
    init(_ text: UnsafePointer<CChar>?) {
        guard let text = unsafe text else {
            self = .error
            return
        }
        switch unsafe UInt8(bitPattern: text[0]) {
        case UInt8(ascii: "W"): self = .warning
        case UInt8(ascii: "E"): self = .error
        case UInt8(ascii: "F"): self = .fatal
        case UInt8(ascii: "P"): self = .panic
        default: self = .notice
        }
    }
}
