import Postgres

/// Finding out about a batch whose connection was lost between its Sync and the result.
///
/// Once the lock of its writer is free, its backend is gone: the rows are committed or never will be. They are sent again
/// with `ON CONFLICT DO NOTHING` under the same ids, so afterwards each is there once, whatever happened before.
enum UnknownSettlement {
    /// - Returns: for each request whether its rows are stored; nil while the old backend is still there.
    static func settle(_ batch: UnknownBatch, _ connection: inout Connection) throws(PostgresError) -> [Bool]? {
        guard try connection.tryLock(.writer, batch.writer) else { return nil }
        let stored: [Bool]
        do throws(PostgresError) {
            try resend(batch, 0..<batch.rows.columns.count, &connection)
            stored = batch.requests.map { _ in true }
        } catch {
            guard error.isBadData else { throw error }
            stored = try resendEach(batch, &connection)
        }
        _ = try connection.unlock(.writer, batch.writer)
        return stored
    }

    /// The rows of one request stand or fall together, and a request that is refused takes no other with it.
    private static func resendEach(
        _ batch: UnknownBatch, _ connection: inout Connection
    ) throws(PostgresError) -> [Bool] {
        var stored: [Bool] = []
        for rows in batch.requests {
            do throws(PostgresError) {
                try resend(batch, rows, &connection)
                stored.append(true)
            } catch {
                guard error.isBadData else { throw error }
                stored.append(false)
            }
        }
        return stored
    }

    /// Whoever is publishing the rows of the writer sees by `resent` that more have come, and does not close it.
    private static let reopening = """
        UPDATE writers SET closed_at = NULL, resent = resent + 1, acknowledged = coalesce(acknowledged, $2) WHERE id = $1
        """

    /// The update of the writer's row gives the transaction a commit of its own, whose flush and wait for a replica also
    /// cover rows that were there before; and it opens the writer again, whose events are still to be published.
    private static func resend(
        _ batch: UnknownBatch, _ rows: Range<Int>, _ connection: inout Connection
    ) throws(PostgresError) {
        var part = PredictionColumns()
        part.append(rows, of: batch.rows.columns)
        var scalars = BinaryParameters()
        scalars.append(integer: batch.writer)
        try connection.begin()
        do throws(PostgresError) {
            _ = try connection.execute(PredictionInsert.resendText, columns: part.arrays.span, scalars)
            try connection.execute(reopening, .integer(Int(batch.writer)), .uuid(batch.first.predecessor.bits))
        } catch {
            if !error.isConnectionLost { try? connection.rollback() }
            throw error
        }
        try connection.commit()
    }
}
