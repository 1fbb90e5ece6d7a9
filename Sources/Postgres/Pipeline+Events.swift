import CPostgres

extension Pipeline {
    private static let separatorsMax = 8

    /// Reads once from the socket; to be called when it is readable.
    ///
    /// While something of the last read waits for `nextEvent`, nothing is read: when libpq meets the end of the
    /// connection it forgets what it was waiting for, and a commit that had been read already would be lost with it.
    package mutating func consume() {
        guard state == .open, !hasResult else { return }
        if unsafe PQconsumeInput(handle) == 0 { state = .broken }
    }

    /// The next thing that came back; nil when there is nothing more to be had without reading.
    package mutating func nextEvent() -> PipelineEvent? {
        // NULL separates the results of statements. Many in a row mean that libpq has nothing more, although we count
        // batches as outstanding: the session is over.
        var separators = 0
        while state == .open, hasResult, separators < Self.separatorsMax {
            if let result = unsafe PQgetResult(handle) { return unsafe event(of: result) }
            separators += 1
        }
        if state == .lost { return nil }
        let isOver = unsafe state == .broken || separators == Self.separatorsMax || PQstatus(handle) == CONNECTION_BAD
        return isOver ? lose(.connectionLost) : nil
    }

    /// Whether `PQgetResult` will not block.
    ///
    /// libpq is asked also when nothing is outstanding: this is where it looks at notices.
    private var hasResult: Bool { unsafe PQisBusy(handle) == 0 && batchesOutstanding > 0 }

    private mutating func event(of result: OpaquePointer) -> PipelineEvent {
        let status = unsafe PQresultStatus(result)
        if status == PGRES_TUPLES_OK {
            succeeded += 1
            return .rows(unsafe QueryResult(owning: result))
        }
        defer { unsafe PQclear(result) }
        switch status {
        case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            succeeded += 1
            return .completed(rows: unsafe affectedRowCount(of: result))
        case PGRES_PIPELINE_SYNC: return .synced(endBatch())
        case PGRES_PIPELINE_ABORTED: return .skipped
        default: return fail(unsafe PostgresError(result: result))
        }
    }

    /// Not optimised, like `lose`: Swift 6.3.1 would copy the event instead of the error in it, which traps when it runs.
    @inline(never) @_optimize(none)
    private mutating func fail(_ error: PostgresError) -> PipelineEvent {
        // After a FATAL nobody can say any more whether an earlier part of the commit happened.
        if error.isConnectionLost { return lose(error) }
        if firstError == nil { firstError = error }
        return .failed(error)
    }

    private mutating func endBatch() -> BatchOutcome {
        let sent = statementCounts[firstBatch]
        firstBatch = (firstBatch + 1) % Self.batchesMax
        batchesOutstanding -= 1
        let warned = unsafe notices.pointee.hasWarning
        defer {
            succeeded = 0
            firstError = nil
            unsafe notices.pointee.hasWarning = false
        }
        if let firstError { return .refused(firstError) }
        return warned || succeeded != sent ? .unknown : .committed
    }

    @inline(never) @_optimize(none)
    private mutating func lose(_ error: PostgresError) -> PipelineEvent {
        state = .lost
        return .lost(error)
    }
}
