import Postgres

/// A statement with its parameters.
struct ReadStatement: ~Copyable {
    var sql: String
    var parameters = BinaryParameters()

    init(_ sql: String) { self.sql = sql }
}
