import Linux
import Postgres

/// The connection of the clerk: a writer like that of a worker, whose calls wait.
struct ClerkWriter: ~Copyable {
    var connection: Connection
    let id: Int32
    private var mark = MarkKeeping()

    private init(_ connection: consuming Connection, _ id: Int32) {
        self.connection = connection
        self.id = id
    }

    static func open(_ conninfo: String) throws(PostgresError) -> ClerkWriter {
        var connection = try WriterOpening.connect(conninfo)
        let id = try WriterOpening.register(&connection)
        return ClerkWriter(connection, id)
    }

    /// Writes the mark, when it is time, into the transaction that is under way.
    mutating func keepMark(_ first: PredictionID?, _ desk: PublishingDesk?) throws(PostgresError) {
        guard let mark = mark.next(first, desk, id, now: Clock.monotonicNanoseconds()) else { return }
        try connection.execute(MarkKeeping.text, .integer(Int(id)), .uuid(mark.bits))
    }

    /// The transaction of the last mark has been committed.
    mutating func markIsKept() { mark.committed(now: Clock.monotonicNanoseconds()) }

    /// Stores the mark when nothing has come to take it along.
    mutating func storeMarkIfDue(_ desk: PublishingDesk) throws(PostgresError) {
        guard mark.isDue(desk, id, now: Clock.monotonicNanoseconds()) else { return }
        try keepMark(nil, desk)
        markIsKept()
    }
}
