import Bytes
import Kafka
import Postgres

/// What the messages of a topic are, and how they get into the database; partitions are the business of `Intake`.
protocol IntakeContent: ~Copyable, SendableMetatype {
    /// Messages of one batch.
    static var messagesMax: Int { get }

    /// Whether messages can be processed at all.
    var isReady: Bool { get }

    /// Whether the batch takes no more messages.
    var isFull: Bool { get }

    /// Something that another thread says.
    mutating func hear(_ message: WorkerMessage)

    /// A connection has been made.
    mutating func begin(_ connection: inout Connection) throws(PostgresError)

    /// The connection is gone.
    mutating func lost()

    /// Takes a message into the batch.
    ///
    /// - Parameter text: its value.
    /// - Returns: why it cannot be processed, without a value of it; nil when it was taken.
    mutating func take(
        _ message: borrowing ConsumedMessage, _ text: borrowing ByteBuffer, _ place: TopicPartition,
        _ connection: inout Connection
    ) throws(PostgresError) -> String?

    /// Stores the batch, in the transaction that has moved the place of its partition.
    mutating func store(_ connection: inout Connection) throws(PostgresError)

    /// That transaction is committed.
    mutating func committed()

    /// No message is under way.
    mutating func rest(_ connection: inout Connection) throws(PostgresError)

    /// Forgets the batch.
    mutating func removeAll()
}

extension IntakeContent where Self: ~Copyable {
    mutating func hear(_ message: WorkerMessage) {}
    mutating func begin(_ connection: inout Connection) throws(PostgresError) {}
    mutating func lost() {}
    mutating func rest(_ connection: inout Connection) throws(PostgresError) {}
    var isReady: Bool { true }
}
