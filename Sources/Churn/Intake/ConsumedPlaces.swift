import Kafka
import Postgres

/// The table `consumed`: how far each partition has been taken in, whatever the group says.
enum ConsumedPlaces {
    /// What stands for a place while a person wants the partition to be read from its beginning.
    static let reset: Int64 = -1

    /// Nil for a partition of which nothing has been taken in.
    static func next(_ place: TopicPartition, _ connection: inout Connection) throws(PostgresError) -> Int64? {
        let result = try connection.execute(
            "SELECT next_offset FROM consumed WHERE topic = $1 AND partition = $2", .text(place.topic),
            .integer(Int(place.partition)))
        return result.rowCount == 0 ? nil : result.integer(0, 0).map { Int64($0) }
    }

    /// How often a person has let each partition of a topic be read from its beginning.
    static func resets(_ topic: String, _ connection: inout Connection) throws(PostgresError) -> [Int32: Int] {
        let result = try connection.execute("SELECT partition, resets FROM consumed WHERE topic = $1", .text(topic))
        var resets: [Int32: Int] = [:]
        for row in 0..<result.rowCount {
            if let partition = result.integer(row, 0) {
                resets[Int32(truncatingIfNeeded: partition)] = result.integer(row, 1)
            }
        }
        return resets
    }

    /// Makes `offset` the place to begin at, unless there is one that nobody has reset.
    static func begin(
        _ place: TopicPartition, at offset: Int64, _ connection: inout Connection
    ) throws(PostgresError) {
        try connection.execute(
            """
            INSERT INTO consumed AS known (topic, partition, next_offset) VALUES ($1, $2, $3) \
            ON CONFLICT (topic, partition) DO UPDATE SET next_offset = $3 WHERE known.next_offset = $4
            """, .text(place.topic), .integer(Int(place.partition)), .integer(Int(offset)), .integer(Int(reset)))
    }

    /// Moves a place on, if it is still the one that is known: the claim of a batch.
    ///
    /// Belongs into the transaction that stores the batch; a place that somebody else is moving is waited for.
    /// - Returns: false when the table has the partition elsewhere; nothing may be stored then.
    static func claim(
        _ place: TopicPartition, from known: Int64, to next: Int64, _ connection: inout Connection
    ) throws(PostgresError) -> Bool {
        try connection.execute(
            "UPDATE consumed SET next_offset = $4 WHERE topic = $1 AND partition = $2 AND next_offset = $3",
            .text(place.topic), .integer(Int(place.partition)), .integer(Int(known)), .integer(Int(next))
        ).affectedRows == 1
    }

    /// Lets every partition of a topic be read from its beginning, also by those who are at work.
    ///
    /// - Returns: how many partitions there are.
    static func reset(_ topic: String, _ connection: inout Connection) throws(PostgresError) -> Int {
        try connection.execute(
            "UPDATE consumed SET next_offset = $2, resets = resets + 1 WHERE topic = $1", .text(topic),
            .integer(Int(reset))
        ).affectedRows
    }
}
