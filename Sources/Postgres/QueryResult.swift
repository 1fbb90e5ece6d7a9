import CPostgres

/// The answer to one statement, in binary form.
///
/// Its memory belongs to libpq and is freed with it.
@safe
package struct QueryResult: ~Copyable, Sendable {
    nonisolated(unsafe) let handle: OpaquePointer

    /// The number of rows that came back.
    package let rowCount: Int
    package let columnCount: Int
    /// Whether every column came in binary form.
    let isBinary: Bool

    init(owning handle: OpaquePointer) {
        unsafe self.handle = unsafe handle
        rowCount = unsafe Int(PQntuples(handle))
        columnCount = unsafe Int(PQnfields(handle))
        isBinary = unsafe PQbinaryTuples(handle) == 1
    }

    deinit { unsafe PQclear(handle) }

    /// The number of rows that were inserted, updated, deleted, selected or copied; 0 for any other statement.
    ///
    /// The C function is `PQcmdTuples`.
    package var affectedRows: Int { unsafe affectedRowCount(of: handle) }

    /// What PostgreSQL calls what it did: `INSERT 0 5`, `COMMIT`, `ROLLBACK`.
    package var commandTag: String { unsafe String(cString: PQcmdStatus(handle)) }
}

/// Reads the number in the command tag without making a String of it.
func affectedRowCount(of result: OpaquePointer) -> Int {
    guard let text = unsafe PQcmdTuples(result) else { return 0 }
    var count = 0
    var offset = 0
    while true {
        let digit = unsafe Int(text[offset]) - 0x30
        guard digit >= 0, digit <= 9 else { return count }
        count = count * 10 + digit
        offset += 1
    }
}
