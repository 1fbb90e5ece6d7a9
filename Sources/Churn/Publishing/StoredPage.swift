package import Postgres

/// A page of the table of predictions, in the order of ids.
package struct StoredPage: ~Copyable {
    /// What a page is asked for.
    package struct Question: Equatable {
        /// The rows behind this one.
        let after: PredictionID
        /// Whose rows are wanted, and which of them are alerts; nil for everybody's, alerts or not.
        let writers: [Int32]?
        /// Rows of the page.
        let limit: Int
        /// Which of the rows are alerts is told of this one and those behind it; of the others somebody knows.
        let alertsFrom: PredictionID

        package init(
            after: PredictionID, writers: [Int32]?, limit: Int, alertsFrom: PredictionID = PredictionID(bits: 0)
        ) {
            self.after = after
            self.writers = writers
            self.limit = limit
            self.alertsFrom = alertsFrom
        }
    }

    /// Columns of the answer: few, because each that is not NULL costs PostgreSQL a kilobyte of memory a row, whatever its size;
    /// from the eighth on they do not fit into what is set aside for a row.
    enum Column {
        static let id = 0, numbers = 1, asOf = 2, customer = 3, request = 4, correlation = 5
        static let features = 6, threshold = 7, risk = 8
    }

    /// What is in `Column.numbers`: the writer in the 31 bits from this one on, the model in those below, then the decision.
    private enum Bits { static let writer = 33, model = 2 }

    /// The decision, two bits of `Column.numbers`.
    private enum Decision { static let churn = 1, alert = 2 }

    /// The name under which a connection prepares the statement.
    private static let name: StaticString = "stored_page"
    /// $1 are the writers, $2 is the id before the page, $3 whether everybody's rows are wanted, $4 the limit, $5 the first row
    /// of which it is asked whether it is an alert.
    ///
    /// It says of every row whose it is, so that one pass serves many writers; features come only with those that are wanted.
    private static let text = """
        SELECT id, (writer::bigint << \(Bits.writer)) | (model::bigint << \(Bits.model)) | \
        CASE WHEN NOT churn THEN 0 \
        WHEN id >= $5 AND NOT $3 AND \(isWanted) AND \(AlertStatement.isAlert("p.customer_id", "p.id")) \
        THEN \(Decision.alert) ELSE \(Decision.churn) END, \
        as_of, customer_id, request_id, correlation_id, \
        CASE WHEN \(isWanted) THEN features END, threshold, risk \
        FROM predictions AS p WHERE id > $2 ORDER BY id LIMIT $4
        """
    private static let isWanted = "($3 OR writer = ANY ($1))"

    let result: QueryResult
    /// Whether there is nothing behind it.
    package internal(set) var isLast: Bool

    package var count: Int { result.rowCount }
    /// Every row up to this one has been read; nil when there was none.
    var last: PredictionID? { count == 0 ? nil : id(count - 1) }

    // MARK: Rows

    package func id(_ row: Int) -> PredictionID { PredictionID(bits: result.uuid(row, Column.id) ?? 0) }
    package func writer(_ row: Int) -> Int32 { Int32(truncatingIfNeeded: numbers(row) >> Bits.writer) }
    package func model(_ row: Int) -> Int32 { Int32(truncatingIfNeeded: numbers(row) >> Bits.model & 0x7FFF_FFFF) }
    func isWanted(_ row: Int) -> Bool { !result.isNull(row, Column.features) }
    package func churn(_ row: Int) -> Bool { decision(row) != 0 }
    package func isAlert(_ row: Int) -> Bool { decision(row) == Decision.alert }
    private func decision(_ row: Int) -> UInt64 { numbers(row) & 3 }
    private func numbers(_ row: Int) -> UInt64 { UInt64(bitPattern: Int64(result.integer(row, Column.numbers) ?? 0)) }

    // MARK: Reading

    /// Prepares a connection to read pages on, and whatever else goes by an index.
    package static func prepare(_ connection: inout Connection) throws(PostgresError) {
        // A plan is kept while the table grows: whatever the table is like when it is made, it has to go by an index.
        // It is compiled anew for each page where its costs are guessed high, which takes longer than the page.
        try connection.execute(
            """
            SELECT set_config(name, value, false) FROM (VALUES ('plan_cache_mode', 'force_generic_plan'), \
            ('enable_seqscan', 'off'), ('enable_bitmapscan', 'off'), ('enable_sort', 'off'), ('jit', 'off')) \
            AS settings (name, value)
            """)
        try connection.prepare("\(name)", text)
    }

    /// Reads a page.
    package static func read(_ question: Question, _ connection: inout Connection) throws(PostgresError) -> StoredPage {
        try ask(question, &connection)
        return try receive(question, &connection)
    }

    /// Asks for a page, for which `receive` then waits.
    static func ask(_ question: Question, _ connection: inout Connection) throws(PostgresError) {
        var writers: InlineArray<1, BinaryArray> = [BinaryArray(.integer)]
        for writer in question.writers ?? [] { writers[0].append(integer: writer) }
        var scalars = BinaryParameters(capacity: 64)
        scalars.append(uuid: question.after.bits)
        scalars.append(boolean: question.writers == nil)
        scalars.append(bigInteger: Int64(question.limit))
        scalars.append(uuid: question.alertsFrom.bits)
        try connection.ask(name, columns: writers.span, scalars)
    }

    /// Waits for the page that was asked for.
    static func receive(_ question: Question, _ connection: inout Connection) throws(PostgresError) -> StoredPage {
        let result = try connection.receive()
        let isLast = result.rowCount < question.limit
        return StoredPage(result: result, isLast: isLast)
    }
}
