import Postgres

/// The snapshots of one date, a page after the other in the order of their customers.
struct SnapshotPages {
    static let rowsMax = 5_000

    let definition: SnapshotDefinition
    /// Days since 1970-01-01.
    let day: Int
    /// The customer behind whom the next page begins; nil for the first page.
    private(set) var last: String?

    init(_ definition: SnapshotDefinition, day: Int, after last: String? = nil) {
        self.definition = definition
        self.day = day
        self.last = last
    }

    /// The next page: customer and features.
    ///
    /// Without rows when there are no more.
    mutating func next(
        rowsMax: Int = SnapshotPages.rowsMax, _ connection: inout Connection
    ) throws(PostgresError) -> QueryResult {
        let columns = "SELECT customer_id, features::text FROM feature_snapshots"
        let order = "ORDER BY customer_id LIMIT \(rowsMax)"
        let known: [Parameter] = [.integer(definition.id), .date(day)]
        let page: QueryResult
        if let last {
            page = try connection.execute(
                "\(columns) WHERE definition = $1 AND as_of = $2 AND customer_id > $3 \(order)",
                parameters: known + [.text(last)])
        } else {
            page = try connection.execute(
                "\(columns) WHERE definition = $1 AND as_of = $2 \(order)", parameters: known)
        }
        if page.rowCount > 0 { last = page.text(page.rowCount - 1, 0) }
        return page
    }
}

extension CommandSession {
    /// The next page of snapshots.
    mutating func next(
        _ pages: inout SnapshotPages, rowsMax: Int = SnapshotPages.rowsMax
    ) throws(CommandError) -> QueryResult {
        do throws(PostgresError) {
            return try pages.next(rowsMax: rowsMax, &connection)
        } catch {
            throw CommandError(error)
        }
    }
}
