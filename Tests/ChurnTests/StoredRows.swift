import Churn
import Migrations
import Postgres
import TestSupport

/// A database of its own with rows that a test makes up.
struct StoredRows {
    let database: String

    init() throws {
        database = try TemporaryPostgres.shared.makeDatabase()
        var connection = try Connection(database, as: .command)
        _ = try Migrator(migrations).migrate(&connection)
    }

    func store(_ id: PredictionID, _ customer: String, churn: Bool, writer: Int32 = 1, model: Int32 = 1) throws {
        var connection = try Connection(database, as: .command)
        try connection.execute(
            """
            INSERT INTO predictions (id, created_at, probability, threshold, model, writer, churn, customer_id, risk,
                source, features) VALUES ($1, now(), 0.5, 0.6, $4, $5, $2, $3, 'medium', 'http', '{}')
            """, .uuid(id.bits), .boolean(churn), .text(customer), .integer(Int(model)), .integer(Int(writer)))
    }
}

/// The ids of made-up rows: each of an instant of its own, long ago.
func id(_ number: Int) -> PredictionID { PredictionID(bits: UInt128(number) << 64) }
