/// What went wrong between this program and PostgreSQL.
///
/// It holds no value of any row: PostgreSQL's own texts quote them ("Key (customer_id)=(…) already exists"), so only the
/// SQLSTATE and the name of the constraint are kept. The text is kept for class 42 alone: it speaks of names in
/// statements, and values are never part of ours.
package struct PostgresError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Kind: Equatable, Sendable {
        /// PostgreSQL refused a statement, or ended the session: `sqlState` says why.
        case refused
        /// No connection could be made.
        case connectionFailed
        /// The connection broke.
        case connectionLost
        /// There was no answer in the time given; the connection cannot be used any more.
        case timedOut
        /// The server cannot be used as it is: a pooler in between, another encoding than UTF8, a migration changed.
        case unsuitable
    }

    package let kind: Kind
    package let sqlState: SQLState?
    package let severity: Severity
    /// The constraint that a row broke.
    package let constraint: String?
    /// What may be said about it in a log; never a value, never a password.
    package let reason: String

    init(
        _ kind: Kind, sqlState: SQLState? = nil, severity: Severity = .error, constraint: String? = nil, reason: String
    ) {
        self.kind = kind
        self.sqlState = sqlState
        self.severity = severity
        self.constraint = constraint
        self.reason = reason
    }

    /// An error of this program's own check of the server.
    package static func unsuitable(_ reason: String) -> PostgresError { PostgresError(.unsuitable, reason: reason) }

    static let connectionLost = PostgresError(
        .connectionLost, severity: .fatal, reason: "the connection to PostgreSQL was lost")

    package var description: String {
        var text = reason
        if let sqlState { text += " (\(sqlState))" }
        if let constraint { text += ", constraint \(constraint)" }
        return text
    }
}

/// What the caller wants to know.
extension PostgresError {
    /// Whether the connection is of no more use.
    package var isConnectionLost: Bool { kind == .connectionLost || kind == .timedOut || severity >= .fatal }

    /// Whether the same transaction may succeed when it is sent again: serialisation, deadlock, lock not available.
    package var isRetriable: Bool { sqlState.map { $0.isClass("40") || $0 == "55P03" } ?? false }

    /// Whether a value of the statement is at fault: data exception, integrity constraint, limit exceeded.
    package var isBadData: Bool { isClass("22") || isClass("23") || isClass("54") }

    /// Whether PostgreSQL is away or cannot store now: read-only, out of resources, operator intervention, broken.
    package var isServerDown: Bool {
        switch kind {
        case .connectionFailed, .connectionLost, .timedOut: true
        case .unsuitable: false
        case .refused:
            sqlState == "25006" || isClass("08") || isClass("53") || isClass("57") || isClass("58") || isClass("XX")
        }
    }

    /// Whether the schema or the rights are not (yet) as this program needs them.
    package var isNotReady: Bool { kind == .unsuitable || isClass("42") }

    /// Whether the statement was cancelled, by `statement_timeout` or by a person.
    package var isCancelled: Bool { sqlState == "57014" }

    package var isUniqueViolation: Bool { sqlState == "23505" }

    private func isClass(_ name: StaticString) -> Bool { sqlState?.isClass(name) ?? false }
}
