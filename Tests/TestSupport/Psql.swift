/// Asks PostgreSQL through its own command-line client: the second opinion of tests.
package struct Psql: Sendable {
    package let connection: String

    /// - Parameter connection: a libpq connection string
    package init(_ connection: String) { self.connection = connection }

    /// The rows of a query, columns separated by `|`.
    package func rows(_ query: String) throws -> [String] {
        let command = ["psql", "-X", "-At", "-v", "ON_ERROR_STOP=1", "-d", connection, "-c", query]
        return try output(of: command).split(separator: "\n").map(String.init)
    }

    /// The only value of a query.
    package func value(_ query: String) throws -> String {
        let rows = try rows(query)
        precondition(rows.count == 1, "\(rows.count) rows: \(query)")
        return rows[0]
    }
}
