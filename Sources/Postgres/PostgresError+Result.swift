import CPostgres

extension PostgresError {
    /// Takes what may be kept out of a failed result.
    init(result: OpaquePointer) {
        let sqlState = unsafe SQLState(PQresultErrorField(result, DiagnosticField.sqlState))
        guard let sqlState else {
            // libpq made this result itself: the server did not say anything, the connection is gone.
            self = .connectionLost
            return
        }
        let constraint = unsafe PQresultErrorField(result, DiagnosticField.constraint).map {
            unsafe String(cString: $0)
        }
        var reason = "PostgreSQL refused"
        if sqlState.isClass("42"), let text = unsafe PQresultErrorField(result, DiagnosticField.message) {
            reason = unsafe String(cString: text)
        }
        let severity = unsafe Severity(PQresultErrorField(result, DiagnosticField.severity))
        self.init(.refused, sqlState: sqlState, severity: severity, constraint: constraint, reason: reason)
    }

    /// Why a connection could not be made: libpq's own words, in one line.
    ///
    /// They name host, port, user and database, and what the server said before it knew any statement. They quote the
    /// connection string itself only where that cannot be read, and such a one is refused before.
    init(connecting handle: OpaquePointer?) {
        let text = unsafe handle.map { unsafe String(cString: PQerrorMessage($0)) } ?? "out of memory"
        let lines = text.split(separator: "\n").map { $0.drop { $0 == "\t" || $0 == " " } }
        self.init(.connectionFailed, severity: .fatal, reason: lines.joined(separator: " "))
    }
}

/// The fields of an error or a notice (`PG_DIAG_…`, character macros that Swift does not import).
enum DiagnosticField {
    static let severity = CInt(UInt8(ascii: "V"))
    static let sqlState = CInt(UInt8(ascii: "C"))
    static let message = CInt(UInt8(ascii: "M"))
    static let constraint = CInt(UInt8(ascii: "n"))
}
