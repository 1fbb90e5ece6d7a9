import Postgres

/// Up to when all that happened is known.
enum Watermark {
    /// The latest event, or what a person said of a load; NULL before the first event.
    static let expression = """
        greatest((SELECT max(coalesce(complete_to, last_event)) FROM loads WHERE state = 'loaded'), \
        (SELECT max(streamed_to) FROM event_days))
        """

    /// Microseconds since 1970.
    static func read(_ connection: inout Connection) throws(PostgresError) -> Int? {
        try connection.execute("SELECT \(expression)").timestamp(0, 0)
    }
}
