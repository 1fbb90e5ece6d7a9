import Bytes
import JSON
import Learning
import Postgres

/// Stored features of the customers of one request: the latest snapshot of each.
struct Snapshots {
    struct Snapshot {
        /// Days since 1970.
        let asOf: Int
        /// A JSON object, as the table has it.
        let features: [UInt8]
    }

    private var byCustomer: [[UInt8]: Snapshot] = [:]

    /// The latest snapshot of each customer in the JSON array $1, of the definitions with horizon $2, window $3 and activity $4
    /// (any where that is NULL).
    static let statement = """
        SELECT DISTINCT ON (s.customer_id) s.customer_id, s.as_of, s.features::text \
        FROM feature_snapshots AS s JOIN feature_definitions AS d ON d.id = s.definition \
        WHERE s.customer_id IN (SELECT jsonb_array_elements_text($1::text::jsonb)) AND d.horizon_days = coalesce($2::int4, d.horizon_days) \
        AND d.window_days = coalesce($3::int4, d.window_days) AND d.active_days = coalesce($4::int4, d.active_days) \
        ORDER BY s.customer_id, s.as_of DESC
        """

    /// Reads the answer to `statement`.
    ///
    /// - Returns: the snapshots, and the day of the oldest.
    static func read(_ result: borrowing QueryResult) -> (snapshots: Snapshots, oldest: Int) {
        var snapshots = Snapshots()
        var oldest = Int.max
        for row in 0..<result.rowCount {
            guard let asOf = result.date(row, 1) else { continue }
            var customer = ByteBuffer(capacity: 256)
            result.append(row, 0, to: &customer)
            var json = ByteBuffer(capacity: 256)
            result.append(row, 2, to: &json)
            oldest = min(oldest, asOf)
            snapshots[customer.bytes] = Snapshots.Snapshot(asOf: asOf, features: json.bytes)
        }
        return (snapshots, oldest)
    }

    subscript(customer: [UInt8]) -> Snapshot? {
        get { byCustomer[customer] }
        set { byCustomer[customer] = newValue }
    }

    /// Reads the snapshot of the instance's customer into the instance, as if the request had sent it.
    ///
    /// A snapshot that the model cannot use is a fault of the place where the features would have stood.
    /// - Returns: the day of the snapshot; nil when there is none.
    func fill(
        _ instance: inout Instance, _ model: ServingModel, _ faults: inout Faults, _ path: InstancePath
    ) -> Int? {
        guard let snapshot = byCustomer[instance.customer.bytes] else {
            faults.add(Fault(path.pointer("/features"), .missing, expected: "nothing is stored for this customer"))
            return nil
        }
        var unfit = Faults()
        let text = snapshot.features.span
        var reader = JSONReader(text)
        do throws(JSONError) {
            try instance.readFeatures(&reader, text, model, &unfit, path)
        } catch {
            unfit.add(Fault("", .type))
        }
        if !unfit.isEmpty {
            faults.add(Fault(path.pointer("/features"), .missing, expected: "the stored ones do not fit this model"))
        }
        return snapshot.asOf
    }
}
