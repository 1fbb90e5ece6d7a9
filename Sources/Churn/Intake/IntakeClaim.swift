import Bytes
import Kafka
import Postgres

/// From where to where a batch takes its partition.
struct IntakeClaim {
    let place: TopicPartition
    /// Where the table has the partition, as far as is known.
    let known: Int64
    let next: Int64

    /// Stores the rows of a batch and moves the place.
    ///
    /// - Returns: false when the table has the partition elsewhere.
    func apply(
        _ batch: borrowing Batch, writer: Int32, _ scalars: inout BinaryParameters, _ connection: inout Connection
    ) throws(PostgresError) -> Bool {
        if batch.columns.count == 0 {
            return try connection.execute(
                ConsumedPlaces.claim, .text(place.topic), .integer(Int(place.partition)), .integer(Int(known)),
                .integer(Int(next))
            ).affectedRows == 1
        }
        scalars.removeAll()
        scalars.append(integer: writer)
        scalars.append(text: place.topic)
        scalars.append(integer: place.partition)
        scalars.append(bigInteger: known)
        scalars.append(bigInteger: next)
        let stored = try connection.execute(
            ConsumedPlaces.claimingInsert, columns: batch.columns.arrays.span, scalars)
        return stored == batch.columns.count
    }
}
