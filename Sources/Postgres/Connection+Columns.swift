import CPostgres

extension Connection {
    /// Runs one statement whose `$1`, `$2`, … are the columns, then the scalars.
    ///
    /// The C function is `PQsendQueryParams`.
    /// - Returns: how many rows the statement touched.
    package mutating func execute(
        _ sql: String, columns: Span<BinaryArray>, _ scalars: borrowing BinaryParameters
    ) throws(PostgresError) -> Int {
        try query(sql, columns: columns, scalars).affectedRows
    }

    /// The same for a statement that has rows.
    package mutating func query(
        _ sql: String, columns: Span<BinaryArray>, _ scalars: borrowing BinaryParameters
    ) throws(PostgresError) -> QueryResult {
        var table = ParameterTable()
        table.append(columns)
        table.append(scalars)
        let sent = unsafe PQsendQueryParams(
            handle, sql, CInt(table.count), table.types, table.values, table.lengths, table.formats, 1)
        return try answer(sent)
    }

    /// Sends a prepared statement whose `$1`, `$2`, … are the columns, then the scalars.
    ///
    /// Nothing else may be asked until `receive` has waited for the answer. The C function is `PQsendQueryPrepared`.
    package mutating func ask(
        _ name: StaticString, columns: Span<BinaryArray>, _ scalars: borrowing BinaryParameters
    ) throws(PostgresError) {
        var table = ParameterTable()
        table.append(columns)
        table.append(scalars)
        let sent = unsafe PQsendQueryPrepared(
            handle, UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self), CInt(table.count),
            table.values, table.lengths, table.formats, 1)
        guard sent == 1 else { throw failure }
    }

    /// Takes in what has come of the answer to what `ask` sent, without waiting.
    ///
    /// PostgreSQL stands still once the socket between is full; so it goes on while its client is busy with other things.
    package mutating func takeIn() {
        // What failed is for `receive` to say.
        if unsafe PQconsumeInput(handle) == 1 { _ = unsafe PQisBusy(handle) }
    }

    /// Waits for the answer to what `ask` sent.
    package mutating func receive() throws(PostgresError) -> QueryResult { try answer(1) }
}
