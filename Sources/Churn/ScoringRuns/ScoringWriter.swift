import Postgres

/// The connection on which a run stores its rows: a writer like that of a worker.
///
/// It holds its lock for its life. Who finds it dead later publishes its rows, unless they count as published.
struct ScoringWriter: ~Copyable {
    var connection: Connection
    let id: Int32
    /// Whether nobody is to hear of its rows.
    let isSilent: Bool

    private init(_ connection: consuming Connection, _ id: Int32, isSilent: Bool) {
        self.connection = connection
        self.id = id
        self.isSilent = isSilent
    }

    /// Opens a new writer: the lock first, then its row.
    static func open(_ conninfo: String, isSilent: Bool) throws(PostgresError) -> ScoringWriter {
        var connection = try Connection(conninfo, as: .writer, applicationName: "churn score")
        guard let next = try connection.execute("SELECT nextval('writer_ids')::int4").integer(0, 0) else {
            throw .unsuitable("writer_ids gives no numbers")
        }
        let id = Int32(truncatingIfNeeded: next)
        try connection.lock(.writer, id)
        let closed = isSilent ? "now()" : "NULL"
        try connection.execute("INSERT INTO writers (id, closed_at) VALUES ($1, \(closed))", .integer(next))
        return ScoringWriter(connection, id, isSilent: isSilent)
    }

    /// Stores rows and moves the run's progress, in one transaction.
    ///
    /// - Parameter last: the greatest of their ids.
    mutating func store(
        _ rows: borrowing PredictionColumns, last: PredictionID, _ page: ScoringRun.Progress, _ run: inout ScoringRun
    ) throws(PostgresError) {
        var scalars = BinaryParameters()
        scalars.append(integer: id)
        try connection.begin()
        do throws(PostgresError) {
            let stored = try connection.execute(PredictionInsert.text, columns: rows.arrays.span, scalars)
            guard stored == rows.count else {
                throw .unsuitable("an INSERT stored another number of rows than it was sent")
            }
            if isSilent {
                try connection.execute(
                    "UPDATE writers SET acknowledged = $2 WHERE id = $1", .integer(Int(id)), .uuid(last.bits))
            }
            try run.advance(by: page, &connection)
        } catch {
            if !error.isConnectionLost { try? connection.rollback() }
            throw error
        }
        try connection.commit()
    }
}
