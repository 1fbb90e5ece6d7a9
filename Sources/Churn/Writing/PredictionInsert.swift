import Postgres

/// The statement that stores a batch: constant text whatever the size, so that it is prepared once for a connection.
enum PredictionInsert {
    /// The name under which a writer's connection prepares the first send.
    static let name: StaticString = "insert_predictions"

    /// A first send: an id met twice is an error, never hidden.
    ///
    /// $1 to $14 are arrays of equal length, $15 is the writer.
    static let text = """
        INSERT INTO predictions (id, created_at, probability, threshold, model, horizon_days, as_of, churn, \
        customer_id, risk, source, request_id, correlation_id, features, writer) \
        SELECT row.*, $15 FROM unnest($1::uuid[], $2::timestamptz[], $3::float8[], $4::float8[], $5::int4[], \
        $6::int4[], $7::date[], $8::bool[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], \
        $14::jsonb[]) AS row
        """

    /// Whether a first send was refused because of an id that is in the table already.
    static func hasMetIDTwice(_ error: PostgresError) -> Bool {
        error.isUniqueViolation && error.constraint == "predictions_pkey"
    }

    /// A resend of rows of which nobody knows whether they were committed.
    static let resendText = text + " ON CONFLICT (id) DO NOTHING"
}
