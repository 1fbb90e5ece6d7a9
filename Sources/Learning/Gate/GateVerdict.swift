/// Whether a candidate may become champion, and every check behind the answer.
package struct GateVerdict: Sendable, Equatable {
    package var passed: Bool
    /// Whether there was no champion to compare with.
    package var first: Bool
    /// What spoke for the change, or the first thing that stood in its way.
    package var reason: String
    package var checks: [GateCheck]

    package init(passed: Bool, first: Bool, reason: String, checks: [GateCheck]) {
        self.passed = passed
        self.first = first
        self.reason = reason
        self.checks = checks
    }

    /// The check of that name, if the gate made it.
    package subscript(name: GateCheck.Name) -> GateCheck? { checks.first { $0.name == name } }
}
