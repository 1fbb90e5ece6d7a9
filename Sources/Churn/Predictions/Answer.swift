import Bytes
import JSON
import Learning

/// What an answer says besides what the model computed.
struct AnswerContext {
    /// Nil for a what-if, which is not stored.
    var id: PredictionID?
    /// Microseconds since 1970.
    var createdAt: Int
    /// Days since 1970; nil when the caller sent the features.
    var asOf: Int?
}

/// The JSON of one prediction: the answer of `/predict` and of `/predict/{id}`.
///
/// The same function serves a row just scored and one read back from the table, so that both give the same bytes.
enum Answer {
    /// Appends the answer for `instance`, whose row has been scored.
    ///
    /// - Parameters:
    ///   - decision: what is said of it, or was when it was stored.
    ///   - values: the features of `instance`, printed.
    ///   - time: `context.createdAt`, printed.
    static func write(
        _ instance: inout Instance, _ model: ServingModel, _ decision: RowDecision, _ context: AnswerContext,
        values: borrowing FeatureValues, time: borrowing ByteBuffer, into answer: inout ByteBuffer
    ) {
        writeDecision(instance, decision, context, into: &answer)
        model.writeThreshold(decision.threshold, into: &answer)
        if let asOf = context.asOf {
            answer.append(byte: 0x22)
            answer.append(date: CivilTime(daysSince1970: asOf))
            answer.append(byte: 0x22)
        } else {
            answer.append("null")
        }
        model.writeVersion(into: &answer)
        writeContributions(&instance, model, values, into: &answer)
        model.writeBase(into: &answer)
        writeWarnings(instance, model, into: &answer)
        answer.append("],\"created_at\":\"")
        answer.append(time.span)
        answer.append("\"}")
    }

    private static func writeDecision(
        _ instance: borrowing Instance, _ decision: RowDecision, _ context: AnswerContext, into answer: inout ByteBuffer
    ) {
        if let id = context.id {
            answer.append("{\"prediction_id\":\"")
            answer.append(uuid: id.bits)
            answer.append("\",\"customer_id\":")
        } else {
            answer.append("{\"prediction_id\":null,\"customer_id\":")
        }
        if instance.hasCustomer {
            answer.append(jsonString: instance.customer.span)
        } else {
            answer.append("null")
        }
        answer.append(",\"probability\":")
        answer.append(shortest: instance.row.probability)
        answer.append(decision.isChurn ? ",\"churn\":true" : ",\"churn\":false")
        switch decision.risk {
        case .low: answer.append(",\"risk\":\"low\"")
        case .medium: answer.append(",\"risk\":\"medium\"")
        case .high: answer.append(",\"risk\":\"high\"")
        }
    }

    /// One entry for each feature, by the size of its contribution.
    private static func writeContributions(
        _ instance: inout Instance, _ model: ServingModel, _ values: borrowing FeatureValues,
        into answer: inout ByteBuffer
    ) {
        instance.row.orderContributions()
        for rank in 0..<model.featureCount {
            let feature = instance.row.feature(ranked: rank)
            if rank > 0 { answer.append(byte: 0x2C) }
            model.writeContribution(feature, into: &answer)
            values.write(feature, into: &answer)
            answer.append(",\"contribution\":")
            answer.append(shortest: instance.row.contribution(feature))
            answer.append(byte: 0x7D)
        }
    }

    /// Names the features for which a default was used, and the levels that the model has not seen.
    private static func writeWarnings(
        _ instance: borrowing Instance, _ model: ServingModel, into answer: inout ByteBuffer
    ) {
        var first = true
        for feature in 0..<model.featureCount {
            let state = instance.row.state(feature)
            if state == .number || state == .level { continue }
            if !first { answer.append(byte: 0x2C) }
            first = false
            answer.append("{\"feature\":")
            answer.append(jsonString: model.schema.features[feature].name)
            if state == .unseen {
                answer.append(",\"code\":\"unseen-level\"}")
            } else {
                answer.append(",\"code\":\"default-used\",\"default\":")
                answer.append(jsonString: model.schema.features[feature].missing.rawValue)
                answer.append(byte: 0x7D)
            }
        }
    }
}
