import CPostgres

extension Pipeline {
    /// Reads once from the socket; to be called when it is readable.
    package mutating func consume() {
        guard state == .open else { return }
        if unsafe PQconsumeInput(handle) == 0 { state = .broken }
    }

    /// The next thing that came back; nil when there is nothing more to be had without reading.
    package mutating func nextEvent() -> PipelineEvent? {
        // NULL separates the results of statements; libpq gives one at a time while something is outstanding.
        var separators = 0
        while canRead {
            guard let result = unsafe PQgetResult(handle) else {
                separators += 1
                if separators > 8 { state = .broken }
                if unsafe PQstatus(handle) == CONNECTION_BAD { break }
                continue
            }
            return unsafe event(of: result)
        }
        if state == .lost { return nil }
        return unsafe state == .broken || PQstatus(handle) == CONNECTION_BAD ? lose(.connectionLost) : nil
    }

    /// Whether `PQgetResult` has something and will not block.
    private var canRead: Bool {
        switch state {
        case .lost: return false
        case .broken:
            // What was read before the end may hold a Sync's result. With its socket closed libpq cannot wait.
            return unsafe batchesOutstanding > 0 && PQsocket(handle) < 0
        case .open:
            // Asked also when nothing is outstanding: this is where libpq looks at notices.
            return unsafe PQisBusy(handle) == 0 && batchesOutstanding > 0
        }
    }

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

    private mutating func lose(_ error: PostgresError) -> PipelineEvent {
        state = .lost
        return .lost(error)
    }
}
