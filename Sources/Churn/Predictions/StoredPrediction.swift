import Bytes
import JSON
import Learning
import Postgres

/// A prediction read back from the table.
enum StoredPrediction {
    static let statement = """
        SELECT customer_id, model, as_of, created_at, threshold, risk, features::text FROM predictions WHERE id = $1
        """

    static func model(_ result: borrowing QueryResult) -> Int32 { Int32(truncatingIfNeeded: result.integer(0, 1) ?? 0) }

    /// Appends the answer that was given when it was made.
    ///
    /// Contributions and base are computed again from the stored features by the model that made them: the same function on
    /// the same inputs, so the same bytes. What was decided is read: it may have depended on a scoring run.
    /// - Returns: false if the stored features do not fit the model, which no row of this program does.
    static func write(
        _ id: PredictionID, _ result: borrowing QueryResult, _ model: ServingModel, into body: inout ByteBuffer
    ) -> Bool {
        var values = FeatureValues(featureCount: model.featureCount)
        return write(id, result, 0, Columns.one, model, &values, into: &body) != nil
    }

    /// Where the columns of a prediction are in the rows of a query.
    struct Columns {
        let customer: Int
        let asOf: Int
        let createdAt: Int
        let threshold: Int
        let risk: Int
        let features: Int

        static let one = Columns(customer: 0, asOf: 2, createdAt: 3, threshold: 4, risk: 5, features: 6)
    }

    /// Appends the answer of one row of a query, and prints its features into `values`.
    ///
    /// - Returns: whether the decision was churn; nil if the stored features do not fit the model.
    static func write(
        _ id: PredictionID, _ result: borrowing QueryResult, _ row: Int, _ columns: Columns, _ model: ServingModel,
        _ values: inout FeatureValues, into body: inout ByteBuffer
    ) -> Bool? {
        var instance = Instance(featureCount: model.featureCount)
        instance.setCustomer(result.bytes(row, columns.customer))
        var faults = Faults()
        let features = result.bytes(row, columns.features)
        var reader = JSONReader(features)
        do throws(JSONError) {
            try instance.readFeatures(&reader, features, model, &faults, InstancePath(index: nil))
        } catch {
            return nil
        }
        guard faults.isEmpty, model.model.score(&instance.row) == .scored,
            let threshold = result.double(row, columns.threshold),
            let risk = result.text(row, columns.risk).flatMap(Risk.init(rawValue:))
        else { return nil }
        let decision = RowDecision(threshold: threshold, risk: risk)
        values.set(instance, model)
        let createdAt = result.timestamp(row, columns.createdAt) ?? 0
        var time = ByteBuffer(capacity: 32)
        time.append(time: CivilTime(microsecondsSince1970: createdAt))
        let context = AnswerContext(id: id, createdAt: createdAt, asOf: result.date(row, columns.asOf))
        Answer.write(&instance, model, decision, context, values: values, time: time, into: &body)
        return decision.isChurn
    }
}
