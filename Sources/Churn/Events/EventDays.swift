import Postgres

/// The table `event_days`: which days have events, and how often those changed.
enum EventDays {
    /// Counts up the revision of the days $1 and notes the latest events without a load of each, $2, NULL where there is none.
    ///
    /// Belongs into the transaction that adds events to those days, or takes some away. In order of the days, so that two
    /// that do it at once wait for one another and do not deadlock.
    static let statement = statement(from: "unnest($1::date[], $2::timestamptz[]) AS new (day, streamed_to)")

    /// The same for days that are the rows of another part of the statement.
    static func statement(from days: String) -> String {
        """
        INSERT INTO event_days AS known (day, revision, streamed_to) \
        SELECT day, 1, streamed_to FROM \(days) ORDER BY day \
        ON CONFLICT (day) DO UPDATE SET revision = known.revision + 1, \
        streamed_to = greatest(known.streamed_to, excluded.streamed_to)
        """
    }

    /// Counts up the revision of days since 1970-01-01 to which a load added events.
    static func touch(_ days: [Int], _ connection: inout Connection) throws(PostgresError) {
        let list = "{" + days.map(CommandText.date).joined(separator: ",") + "}"
        try connection.execute(statement, .text(list), .text("{}"))
    }

    /// Counts up the revision of all the days with events between two times.
    static func touch(
        from first: Int, through last: Int, _ connection: inout Connection
    ) throws(PostgresError) {
        try connection.execute(
            "UPDATE event_days SET revision = revision + 1 WHERE day BETWEEN $1::date AND $2::date",
            .date(first.flooredDay), .date(last.flooredDay))
    }
}
