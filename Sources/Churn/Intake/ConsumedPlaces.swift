import Kafka
import Postgres

/// The table `consumed`: how far each partition has been taken in, whatever the group says.
enum ConsumedPlaces {
    /// Stores a batch of one partition if nobody else has taken it in: the claim and the rows are one statement.
    ///
    /// $1 to $15 are those of `PredictionInsert.text`; $16 the topic, $17 the partition, $18 the place that is known, $19
    /// the new one.
    static let claimingInsert = """
        WITH claim AS (UPDATE consumed SET next_offset = $19 \
        WHERE topic = $16 AND partition = $17 AND next_offset = $18 RETURNING 1) \
        \(PredictionInsert.text) WHERE EXISTS (SELECT FROM claim)
        """

    /// The same for a batch without rows.
    static let claim = """
        UPDATE consumed SET next_offset = $4 WHERE topic = $1 AND partition = $2 AND next_offset = $3
        """

    /// Nil for a partition of which nothing has been taken in.
    static func next(_ place: TopicPartition, _ connection: inout Connection) throws(PostgresError) -> Int64? {
        let result = try connection.execute(
            "SELECT next_offset FROM consumed WHERE topic = $1 AND partition = $2", .text(place.topic),
            .integer(Int(place.partition)))
        return result.rowCount == 0 ? nil : result.integer(0, 0).map { Int64($0) }
    }

    /// Makes `offset` the place to begin at, unless there is one.
    static func begin(
        _ place: TopicPartition, at offset: Int64, _ connection: inout Connection
    ) throws(PostgresError) {
        try connection.execute(
            "INSERT INTO consumed (topic, partition, next_offset) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            .text(place.topic), .integer(Int(place.partition)), .integer(Int(offset)))
    }
}
