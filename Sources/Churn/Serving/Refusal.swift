import HTTP

/// Why a valid prediction was not confirmed.
///
/// The raw value is its label in the metrics.
enum Refusal: String, CaseIterable {
    /// Too much waits already.
    case overloaded
    /// PostgreSQL is away, or did not take the row in time; nothing was stored.
    case unavailable
    /// The row was sent and no result came in time.
    case outcomeUnknown = "outcome_unknown"
    /// PostgreSQL refused this row.
    case rowRefused = "row_refused"

    var status: Status { self == .rowRefused ? .unprocessableContent : .serviceUnavailable }

    /// - Parameter id: the id that the prediction has if it is stored.
    func problem(for id: PredictionID?) -> Problem {
        switch self {
        case .overloaded:
            return .unavailable("overloaded", "Too many predictions wait already; nothing was stored.")
        case .unavailable:
            return .unavailable("database-unavailable", "PostgreSQL does not store at the moment; nothing was stored.")
        case .rowRefused:
            return Problem(status, "row-refused", "PostgreSQL refused a row of this request; nothing of it was stored.")
        case .outcomeUnknown:
            return .unavailable(
                "outcome-unknown",
                "PostgreSQL did not confirm in time. The prediction may be stored: ask GET /predict/{prediction_id} later.",
                predictionID: id)
        }
    }
}
