package import Bytes
import CPostgres

/// COPY: many rows in or out, in the format that the statement names.
extension Connection {
    /// Begins `COPY … FROM STDIN`; then `copy` bytes, then `finishCopy` or `abandonCopy`.
    package mutating func beginCopy(_ sql: String) throws(PostgresError) {
        let result = try answer(unsafe PQsendQuery(handle, sql))
        precondition(unsafe PQresultStatus(result.handle) == PGRES_COPY_IN, "the statement is no COPY FROM STDIN")
    }

    /// Sends bytes of a COPY; they need not end where a row ends.
    package mutating func copy(_ bytes: borrowing ByteBuffer) throws(PostgresError) {
        let sent = unsafe bytes.withUnsafeBytes { memory in
            unsafe PQputCopyData(
                handle, memory.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(clamping: memory.count))
        }
        if sent != 1 { throw PostgresError.connectionLost }
    }

    /// Ends a COPY and waits for its result.
    ///
    /// - Returns: the number of rows.
    /// - Throws: what the server held against the rows; it tells only now.
    @discardableResult
    package mutating func finishCopy() throws(PostgresError) -> Int {
        try answer(unsafe PQputCopyEnd(handle, nil)).affectedRows
    }

    /// Ends a COPY so that the server takes none of its rows.
    package mutating func abandonCopy() throws(PostgresError) {
        do throws(PostgresError) {
            _ = try answer(unsafe PQputCopyEnd(handle, "abandoned"))
        } catch  where !error.isConnectionLost {
            // 57014: that is what was asked for.
        }
    }

    /// Begins `COPY … TO STDOUT`; then `copyRow` until it returns false.
    package mutating func beginCopyOut(_ sql: String) throws(PostgresError) {
        let result = try answer(unsafe PQsendQuery(handle, sql))
        precondition(unsafe PQresultStatus(result.handle) == PGRES_COPY_OUT, "the statement is no COPY TO STDOUT")
    }

    /// Appends the next row, in text and CSV format with the newline that ends it.
    ///
    /// - Returns: false when there are no more; the COPY is over then.
    package mutating func copyRow(to buffer: inout ByteBuffer) throws(PostgresError) -> Bool {
        var row: UnsafeMutablePointer<CChar>?
        let count = unsafe PQgetCopyData(handle, &row, 0)
        guard count > 0, let start = unsafe row else {
            _ = try answer(1)
            return false
        }
        let bytes = unsafe UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self)
        unsafe buffer.append(Span(_unsafeStart: bytes, count: Int(count)))
        unsafe PQfreemem(start)
        return true
    }
}
