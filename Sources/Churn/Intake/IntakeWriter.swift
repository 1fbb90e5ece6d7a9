import Linux
import Postgres

/// The connection on which messages are taken in: a writer like that of a worker, whose calls wait.
struct IntakeWriter: ~Copyable {
    var connection: Connection
    let id: Int32
    private var mark = MarkKeeping()
    private var scalars = BinaryParameters()

    private init(_ connection: consuming Connection, _ id: Int32) {
        self.connection = connection
        self.id = id
    }

    static func open(_ conninfo: String) throws(PostgresError) -> IntakeWriter {
        var connection = try WriterOpening.connect(conninfo)
        let id = try WriterOpening.register(&connection)
        return IntakeWriter(connection, id)
    }

    /// Stores rows and the new place of their partition as one transaction.
    ///
    /// - Returns: false when somebody else has taken the partition further: nothing is stored then.
    mutating func store(
        _ batch: borrowing Batch, first: PredictionID?, _ claim: IntakeClaim, _ desk: PublishingDesk
    ) throws(PostgresError) -> Bool {
        try connection.begin()
        do throws(PostgresError) {
            let isClaimed = try claim.apply(batch, writer: id, &scalars, &connection)
            if isClaimed, let mark = mark.next(first, desk, id, now: Clock.monotonicNanoseconds()) {
                try connection.execute(MarkKeeping.text, .integer(Int(id)), .uuid(mark.bits))
            }
            guard isClaimed else {
                try connection.rollback()
                return false
            }
        } catch {
            if !error.isConnectionLost { try? connection.rollback() }
            throw error
        }
        try connection.commit()
        mark.committed(now: Clock.monotonicNanoseconds())
        return true
    }

    /// Stores the mark when no batch has come to take it along.
    mutating func storeMarkIfDue(_ desk: PublishingDesk) throws(PostgresError) {
        let now = Clock.monotonicNanoseconds()
        guard mark.isDue(desk, id, now: now), let due = mark.next(nil, desk, id, now: now) else { return }
        try connection.execute(MarkKeeping.text, .integer(Int(id)), .uuid(due.bits))
        mark.committed(now: now)
    }
}
