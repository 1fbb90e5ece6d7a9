import CPostgres
import Glibc

extension Connection {
    /// Runs one statement; the parameters are `$1`, `$2` and so on.
    ///
    /// Values of the answer come in binary form. The C function is `PQsendQueryParams`.
    @discardableResult
    package mutating func execute(_ sql: String, _ parameters: Parameter...) throws(PostgresError) -> QueryResult {
        try execute(sql, parameters: parameters)
    }

    /// Runs one statement; the parameters are `$1`, `$2` and so on.
    @discardableResult
    package mutating func execute(_ sql: String, parameters: [Parameter]) throws(PostgresError) -> QueryResult {
        let arena = try ParameterArena(parameters)
        let sent = unsafe arena.withPointers { types, values, lengths, formats in
            unsafe PQsendQueryParams(handle, sql, arena.count, types, values, lengths, formats, 1)
        }
        return try answer(sent)
    }

    /// Runs a text of several statements without parameters, such as a migration; its rows are dropped.
    ///
    /// The statements are one transaction unless they say otherwise. The C function is `PQsendQuery`.
    package mutating func run(script: String) throws(PostgresError) {
        _ = try answer(unsafe PQsendQuery(handle, script))
    }

    /// Prepares a statement that `Pipeline.send` then knows by its name.
    ///
    /// - Parameter types: of the parameters, where PostgreSQL cannot infer them; may be shorter than their number.
    package mutating func prepare(_ name: String, _ sql: String, types: [PostgresType] = []) throws(PostgresError) {
        let oids = types.map(\.rawValue)
        _ = try answer(unsafe PQsendPrepare(handle, name, sql, CInt(oids.count), oids))
    }

    /// Runs `body` between BEGIN and COMMIT, or ROLLBACK when it throws.
    package mutating func transaction<Result>(
        _ body: (inout Connection) throws(PostgresError) -> Result
    ) throws(PostgresError) -> Result {
        try execute("BEGIN")
        let result: Result
        do throws(PostgresError) {
            result = try body(&self)
        } catch {
            // The error that matters is the first one; without a connection the server rolls back by itself.
            _ = try? execute("ROLLBACK")
            throw error
        }
        try commit()
        return result
    }

    package mutating func begin() throws(PostgresError) { try execute("BEGIN") }

    /// - Throws: also when the transaction had failed before, where PostgreSQL answers a COMMIT with a rollback.
    package mutating func commit() throws(PostgresError) {
        let tag = try execute("COMMIT").commandTag
        guard tag == "COMMIT" else {
            throw PostgresError(.refused, sqlState: "25P02", reason: "the transaction had failed: it was rolled back")
        }
    }

    package mutating func rollback() throws(PostgresError) { try execute("ROLLBACK") }
}

extension Connection {
    /// Waits for the answer to what was just sent.
    ///
    /// Of several results the last counts, or the first that failed.
    /// - Parameter sent: what libpq's `PQsend…` returned.
    mutating func answer(_ sent: CInt) throws(PostgresError) -> QueryResult {
        guard sent == 1 else { throw failure }
        let deadline = deadline
        var last: QueryResult?
        var failed: PostgresError?
        while true {
            try awaitResult(deadline)
            guard let handle = unsafe PQgetResult(handle) else { break }
            let result = unsafe QueryResult(owning: handle)
            let status = unsafe PQresultStatus(handle)
            switch status {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: last = consume result
            case PGRES_COPY_IN, PGRES_COPY_OUT: return result
            default: if failed == nil { failed = unsafe PostgresError(result: handle) }
            }
        }
        if let failed { throw failed }
        guard let last = consume last else { throw failure }
        return last
    }

    /// Why libpq would not send, or had nothing to say: the connection is gone, or this program called out of turn.
    var failure: PostgresError {
        isOpen ? .unsuitable("the connection is not free for a statement") : .connectionLost
    }

    /// The monotonic time in milliseconds after which a call that begins now gives up.
    var deadline: Int? { patienceMilliseconds.map { monotonicMilliseconds() + $0 } }

    /// Waits until `PQgetResult` will not block.
    mutating func awaitResult(_ deadline: Int?) throws(PostgresError) {
        while unsafe PQisBusy(handle) == 1 {
            let unsent = unsafe PQflush(handle)
            if unsafe unsent < 0 || PQsocket(handle) < 0 { return }
            guard try awaitSocket(writable: unsent == 1, deadline) else {
                throw PostgresError(.timedOut, severity: .fatal, reason: "PostgreSQL did not answer in time")
            }
            // On failure PQgetResult says what happened, at once.
            if unsafe PQconsumeInput(handle) == 0 { return }
        }
    }

    /// Waits until the socket has something to read, or can be written to if asked; false when the deadline came first.
    func awaitSocket(writable: Bool, _ deadline: Int?) throws(PostgresError) -> Bool {
        while true {
            let rest = deadline.map { max($0 - monotonicMilliseconds(), 0) }
            var entry = pollfd(fd: socket, events: Int16(writable ? POLLIN | POLLOUT : POLLIN), revents: 0)
            let ready = unsafe poll(&entry, 1, rest.map { CInt(clamping: $0) } ?? -1)
            if ready > 0 { return true }
            if ready == 0 { return false }
            guard errno == EINTR else { throw PostgresError.connectionLost }
        }
    }
}
