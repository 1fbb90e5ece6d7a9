/// A message of the server that is not an answer: its badness and its name, never its text, which may quote values.
package struct Notice: Equatable, Sendable {
    package let severity: Severity
    package let sqlState: SQLState?

    package init(severity: Severity, sqlState: SQLState?) {
        self.severity = severity
        self.sqlState = sqlState
    }
}
