package import Postgres

/// The decision before each row that a worker hands over, as far as the rows before have shown it.
///
/// Every row of this process that a caller was told of has been handed over before, so the last one that was seen of a
/// customer is the one before this, unless another process has stored one. Each of those opens its row in `writers` in the
/// transaction of its first predictions, and is seen there. While one is open, the table is asked about every row.
package struct LiveDecisions: ~Copyable {
    /// While others store predictions: how often is looked whether they still do.
    private static let lookNanoseconds = 1_000_000_000

    private var last = LastDecisions()
    /// The other writers as they were, all closed, while decisions are remembered; nil while none are.
    private var others: OtherWriters?
    private var nextLook = 0
    /// Those of the rows that are shown now; none while no decision is remembered.
    private var customers: [LastDecisions.Customer] = []

    /// Rows of churn whose decision before is remembered, and those of them that are alerts.
    private var remembered = AskedRows()
    private var alerts: Set<PredictionID> = []
    /// Rows of churn that the table is to be asked about.
    private var unknown = AskedRows()

    package init() {}

    /// Rows have come that are not shown here, or may have.
    package mutating func forget() {
        others = nil
        last.forget()
    }

    /// Shows those of the rows that are behind `id`.
    mutating func show(_ rows: borrowing EventRows, after id: PredictionID) {
        customers.removeAll(keepingCapacity: true)
        if others != nil { for row in rows.rows { customers.append(last.find(rows.customer(row))) } }
        for (index, row) in rows.rows.enumerated() where row.id > id {
            let customer = customers.isEmpty ? nil : customers[index]
            show(row.id, rows.customer(row), customer, churn: row.churn)
        }
    }

    /// Shows a row, in the order in which they were handed over.
    package mutating func show(_ id: PredictionID, _ customer: Span<UInt8>, churn: Bool) {
        show(id, customer, others == nil ? nil : last.find(customer), churn: churn)
    }

    private mutating func show(
        _ id: PredictionID, _ name: Span<UInt8>, _ customer: LastDecisions.Customer?, churn: Bool
    ) {
        var before: Bool?
        if let customer { before = last.replace(customer, id, churn) } else { last.pass(id) }
        guard churn else { return }
        guard let before else { return unknown.append(id, name) }
        remembered.append(id, name)
        if !before { alerts.insert(id) }
    }

    /// Whether PostgreSQL has to be asked for the alerts of the rows that were shown.
    package var hasQuestions: Bool { !remembered.isEmpty || !unknown.isEmpty }

    /// The alerts among the rows that were shown since it was called last.
    ///
    /// - Parameter own: the writers whose rows are shown here.
    package mutating func takeAlerts(
        own: [Int32], now: Int, _ connection: inout Connection
    ) throws(PostgresError) -> Set<PredictionID> {
        defer { dropQuestions() }
        if !remembered.isEmpty, try OtherWriters.read(but: own, &connection) != others {
            forget()
            alerts = try AlertStatement.alerts(among: remembered, &connection)
        }
        if !unknown.isEmpty { alerts.formUnion(try AlertStatement.alerts(among: unknown, &connection)) }
        if others == nil, now >= nextLook {
            nextLook = now + Self.lookNanoseconds
            let found = try OtherWriters.read(but: own, &connection)
            if found.areClosed { others = found }
        }
        return alerts
    }

    /// The rows that were shown are not sent.
    package mutating func dropQuestions() {
        alerts.removeAll(keepingCapacity: true)
        remembered = AskedRows()
        unknown = AskedRows()
    }
}

/// The writers of other processes, and those of this one that it has lost.
package struct OtherWriters: Equatable {
    /// The name under which a connection prepares the statement.
    private static let name: StaticString = "other_writers"
    /// $1 are our own; who opened its row, stored a mark in it or closed it has changed it.
    private static let text = """
        SELECT count(*) FILTER (WHERE closed_at IS NULL), bit_xor(hash_record_extended(writers, 0)) \
        FROM writers WHERE id <> ALL ($1::int4[])
        """

    let areClosed: Bool
    private let digest: Int

    /// To be called once for each connection that it is read on.
    package static func prepare(_ connection: inout Connection) throws(PostgresError) {
        try connection.prepare("\(name)", text)
    }

    static func read(but own: [Int32], _ connection: inout Connection) throws(PostgresError) -> OtherWriters {
        var writers: InlineArray<1, BinaryArray> = [BinaryArray(.integer)]
        for writer in own { writers[0].append(integer: writer) }
        try connection.ask(name, columns: writers.span, BinaryParameters(capacity: 16))
        let found = try connection.receive()
        return OtherWriters(areClosed: found.integer(0, 0) == 0, digest: found.integer(0, 1) ?? 0)
    }
}
