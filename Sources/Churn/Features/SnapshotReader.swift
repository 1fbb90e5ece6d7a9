import Bytes
import Digest
import Learning
import Postgres

/// Reads the snapshots of a definition whose labels are known, customer by customer, date by date.
struct SnapshotReader: ~Copyable {
    private let days: [Int]
    private var places: [Int: Int32] = [:]
    private var columns: [[Double]]
    private var labels: [Bool] = []
    private var customers: [Int32] = []
    private var dates: [Int32] = []
    private var digest = SHA256()
    private var customer = ByteBuffer(capacity: 256)

    private init(_ days: [Int]) {
        self.days = days
        columns = StandardFeatures.names.map { _ in [] }
        for (place, day) in days.enumerated() { places[day] = Int32(place) }
    }

    /// The rows as one table; its checksum is of customers, dates, labels and features.
    static func table(
        _ definition: SnapshotDefinition, _ connection: inout Connection
    ) throws(PostgresError) -> DatedTable {
        let dates = try connection.execute(
            "SELECT as_of FROM snapshot_dates WHERE definition = $1 AND labels_revision IS NOT NULL ORDER BY as_of",
            .integer(definition.id))
        var reader = SnapshotReader((0..<dates.rowCount).map { dates.date($0, 0) ?? 0 })
        try connection.beginCopyOut(statement(definition))
        var row = BinaryCopyRow()
        while try row.read(from: &connection) { try reader.append(row) }
        return reader.finish(definition)
    }

    private static func statement(_ definition: SnapshotDefinition) -> String {
        let features = StandardFeatures.names.map { "(features ->> '\($0)')::float8" }.joined(separator: ", ")
        return """
            COPY (SELECT customer_id, as_of, churned, \(features) FROM feature_snapshots
                WHERE definition = \(definition.id) AND churned IS NOT NULL AND as_of IN (
                    SELECT as_of FROM snapshot_dates WHERE definition = \(definition.id) AND labels_revision IS NOT NULL)
                ORDER BY customer_id, as_of) TO STDOUT (FORMAT binary)
            """
    }

    private mutating func append(_ row: borrowing BinaryCopyRow) throws(PostgresError) {
        guard let place = row.date(1).flatMap({ places[$0] }), let churned = row.boolean(2) else {
            throw .unsuitable("a row of feature_snapshots has no date or no label")
        }
        digest.update(row.values)
        let name = row.bytes(0)
        if customers.isEmpty || !customer.span.equals(0..<customer.count, name) {
            customer.removeAll()
            customer.append(name)
            customers.append((customers.last ?? -1) + 1)
        } else {
            customers.append(customers[customers.count - 1])
        }
        labels.append(churned)
        dates.append(place)
        for index in columns.indices { columns[index].append(row.double(3 + index) ?? .nan) }
    }

    private consuming func finish(_ definition: SnapshotDefinition) -> DatedTable {
        let table = RawTable(
            columns: zip(StandardFeatures.names, columns).map { RawColumn(name: $0, values: .numbers($1)) },
            labels: labels, customers: customers)
        let (days, dates) = (days, dates)
        return DatedTable(
            table, source: .database, definition: definition.days, days: days, dates: dates,
            sha256: digest.finish().hexadecimal)
    }
}
