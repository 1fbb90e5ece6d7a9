import Learning
import Postgres

/// The labelled snapshots of one date as a table: a row for each customer.
enum SnapshotTable {
    /// Rows of one round trip.
    private static let pageRows = 20_000

    /// - Parameter features: the names of the columns.
    static func read(
        _ definition: SnapshotDefinition, day: Int, features: [String], _ connection: inout Connection
    ) throws(PostgresError) -> RawTable {
        var columns = features.map { _ in [Double]() }
        var labels: [Bool] = []
        var last = ""
        while true {
            let page = try page(definition, day, features, after: last, &connection)
            guard page.rowCount > 0 else { break }
            last = page.text(page.rowCount - 1, 0) ?? ""
            for row in 0..<page.rowCount {
                labels.append(page.boolean(row, 1) == true)
                for column in columns.indices { columns[column].append(page.double(row, 2 + column) ?? .nan) }
            }
        }
        return RawTable(
            columns: zip(features, columns).map { RawColumn(name: $0, values: .numbers($1)) }, labels: labels,
            customers: labels.indices.map { Int32($0) })
    }

    private static func page(
        _ definition: SnapshotDefinition, _ day: Int, _ features: [String], after last: String,
        _ connection: inout Connection
    ) throws(PostgresError) -> QueryResult {
        let values = features.indices.map { ", (features ->> $\($0 + 4))::float8" }.joined()
        return try connection.execute(
            """
            SELECT customer_id, churned\(values) FROM feature_snapshots WHERE definition = $1 AND as_of = $2 \
            AND customer_id > $3 AND churned IS NOT NULL ORDER BY customer_id LIMIT \(pageRows)
            """, parameters: [.integer(definition.id), .date(day), .text(last)] + features.map { .text($0) })
    }
}

extension CommandSession {
    /// The labelled snapshots of a date, with the features of these models.
    mutating func table(
        _ definition: SnapshotDefinition, day: Int, of models: [RegisteredModel]
    ) throws(CommandError) -> RawTable {
        var names: [String] = []
        for feature in models.flatMap({ $0.file.contents.features }) where !names.contains(feature.name) {
            names.append(feature.name)
        }
        return try perform { [names] connection throws(PostgresError) in
            try SnapshotTable.read(definition, day: day, features: names, &connection)
        }
    }
}
