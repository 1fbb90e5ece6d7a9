import Bytes
import Kafka
import Linux
import Postgres

/// What customers did, one event a message: into `events`, by the rules of `churn load`.
struct EventIntake: IntakeContent, ~Copyable {
    static let messagesMax = 4096
    private static let bytesMax = 1 << 20
    private static let dayMicroseconds = 86_400_000_000

    /// Days count as changed where an event was new; $1 to $6 are the columns.
    ///
    /// In order of ids, so that two batches that hold the same events wait for one another and do not deadlock.
    private static let insert = """
        WITH new AS (INSERT INTO events (occurred_at, customer_id, kind, service, amount, event_id) \
        SELECT event.* FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::text[]) \
        AS event (occurred_at, customer_id, kind, service, amount, event_id) ORDER BY event_id \
        ON CONFLICT (event_id) WHERE event_id IS NOT NULL DO NOTHING RETURNING occurred_at), \
        days AS (SELECT (occurred_at AT TIME ZONE 'UTC')::date AS day, max(occurred_at) AS streamed_to \
        FROM new GROUP BY 1) \
        \(EventDays.statement(from: "days"))
        """

    private var columns = EventMessageColumns()
    private var reader = EventMessage()

    var isFull: Bool { columns.bytes >= Self.bytesMax }

    mutating func take(
        _ message: borrowing ConsumedMessage, _ text: borrowing ByteBuffer, _ place: TopicPartition,
        _ connection: inout Connection
    ) throws(PostgresError) -> String? {
        if let rejection = reader.read(text, latest: Clock.wallMicroseconds() + Self.dayMicroseconds) {
            return "invalid: \(rejection.text)"
        }
        columns.append(reader)
        return nil
    }

    mutating func store(_ connection: inout Connection) throws(PostgresError) {
        if columns.count == 0 { return }
        _ = try connection.execute(Self.insert, columns: columns.arrays.span, BinaryParameters(capacity: 16))
    }

    mutating func committed() {}

    mutating func removeAll() { columns.removeAll() }
}

/// Events on their way to PostgreSQL, column by column.
struct EventMessageColumns: ~Copyable {
    private(set) var arrays: InlineArray<6, BinaryArray>

    init() {
        let types: InlineArray<6, PostgresType> = [.timestamp, .text, .text, .text, .numeric, .text]
        arrays = InlineArray { BinaryArray(types[$0], capacity: 256) }
    }

    var count: Int { arrays[0].count }

    var bytes: Int {
        var sum = 0
        for column in 0..<6 { sum += arrays[column].bytes.count }
        return sum
    }

    mutating func append(_ event: borrowing EventMessage) {
        arrays[0].append(microsecondsSince1970: event.occurredAt)
        append(event, .customerID, 1)
        append(event, .kind, 2)
        append(event, .service, 3)
        if let amount = event.amount { arrays[4].append(decimal: amount) } else { arrays[4].appendNull() }
        append(event, .eventID, 5)
    }

    private mutating func append(_ event: borrowing EventMessage, _ field: EventField, _ column: Int) {
        let range = event.range(of: field)
        if range.isEmpty { arrays[column].appendNull() } else { arrays[column].append(event.text, range) }
    }

    mutating func removeAll() { for column in 0..<6 { arrays[column].removeAll() } }
}
