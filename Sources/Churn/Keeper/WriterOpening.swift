import Linux
import Postgres

/// Making the connection on which a worker stores its rows.
enum WriterOpening {
    /// Opens a new writer: the lock first, then its row.
    ///
    /// (Row first: another instance could take the row's writer for dead and close it before it begins.) The connection
    /// holds the lock for its life; whoever obtains it later knows that nothing of this writer can commit any more.
    static func open(_ conninfo: String) throws(PostgresError) -> OpenWriter {
        var connection = try connect(conninfo)
        let id = try register(&connection)
        try connection.prepare("\(PredictionInsert.name)", PredictionInsert.text)
        try connection.prepare("\(MarkKeeping.name)", MarkKeeping.text)
        return OpenWriter(pipeline: try connection.intoPipeline(), id: id)
    }

    static func connect(_ conninfo: String) throws(PostgresError) -> Connection {
        try Connection(
            conninfo, as: .writer, applicationName: "churn writer", patienceMilliseconds: Keeper.patienceMilliseconds)
    }

    /// Makes a connection a writer.
    static func register(_ connection: inout Connection) throws(PostgresError) -> Int32 {
        guard let next = try connection.execute("SELECT nextval('writer_ids')::int4").integer(0, 0) else {
            throw .unsuitable("writer_ids gives no numbers")
        }
        let id = Int32(truncatingIfNeeded: next)
        try connection.lock(.writer, id)
        // Without rows there is nothing to publish: its first batch opens it.
        try connection.execute("INSERT INTO writers (id, closed_at) VALUES ($1, now())", .integer(next))
        return id
    }
}

/// A connection that holds the lock of its writer.
struct OpenWriter: ~Copyable {
    let pipeline: Pipeline
    let id: Int32

    /// Gives the connection away.
    consuming func intoHandoff() -> Handoff<Pipeline> { Handoff(pipeline) }
}
