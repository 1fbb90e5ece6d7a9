import CPostgres

/// Sending: libpq copies the parameters, so their buffers are free again when the call returns.
///
/// Nothing here fails in the caller's face: a connection that broke shows as the event `lost`.
extension Pipeline {
    /// Queues a prepared statement whose `$1`, `$2`, … are the columns, then the scalars.
    ///
    /// The C function is `PQsendQueryPrepared`.
    package mutating func send(
        _ name: StaticString, columns: Span<BinaryArray>, _ scalars: borrowing BinaryParameters
    ) {
        begin()
        table.append(columns)
        table.append(scalars)
        unsafe sendPrepared(UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self))
    }

    /// Queues a prepared statement whose parameters are the columns.
    package mutating func send(_ name: StaticString, columns: Span<BinaryArray>) {
        begin()
        table.append(columns)
        unsafe sendPrepared(UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self))
    }

    /// Queues a prepared statement with single values.
    package mutating func send(_ name: StaticString, _ scalars: borrowing BinaryParameters) {
        begin()
        table.append(scalars)
        unsafe sendPrepared(UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self))
    }

    /// Queues a statement that was not prepared, with single values.
    ///
    /// The C function is `PQsendQueryParams`.
    package mutating func send(sql: String, _ scalars: borrowing BinaryParameters) {
        begin()
        table.append(scalars)
        guard state == .open else { return }
        let sent = unsafe PQsendQueryParams(
            handle, sql, CInt(table.count), table.types, table.values, table.lengths, table.formats, 1)
        count(sent)
    }

    /// Ends a batch: what was sent since the last Sync is committed or undone as one, and answered.
    ///
    /// The C function is `PQpipelineSync`.
    package mutating func sync() {
        precondition(batchesOutstanding < Self.batchesMax, "more than \(Self.batchesMax) batches outstanding")
        guard state == .open else { return }
        if batchesOutstanding == 0 && statementsUnsynced == 0 { unsafe notices.pointee.hasWarning = false }
        guard unsafe PQpipelineSync(handle) == 1 else {
            state = .broken
            return
        }
        statementCounts[(firstBatch + batchesOutstanding) % Self.batchesMax] = Int32(statementsUnsynced)
        batchesOutstanding += 1
        statementsUnsynced = 0
    }

    /// Writes what is queued, as far as the socket takes it.
    ///
    /// - Returns: whether something is left: call again when the socket is writable, and read before (`consume`).
    package mutating func flush() -> Bool {
        guard state == .open else { return false }
        let rest = unsafe PQflush(handle)
        if rest < 0 { state = .broken }
        return rest == 1
    }

    /// A warning belongs to the batch during which it came; one that came before is not about this one.
    private mutating func begin() {
        table.removeAll()
        if batchesOutstanding == 0 && statementsUnsynced == 0 { unsafe notices.pointee.hasWarning = false }
    }

    private mutating func sendPrepared(_ name: UnsafePointer<CChar>) {
        guard state == .open else { return }
        let sent = unsafe PQsendQueryPrepared(
            handle, name, CInt(table.count), table.values, table.lengths, table.formats, 1)
        count(sent)
    }

    /// A statement that could not be queued breaks the session: the batch must not be committed without it.
    private mutating func count(_ sent: CInt) {
        if sent == 1 { statementsUnsynced += 1 } else { state = .broken }
    }
}
