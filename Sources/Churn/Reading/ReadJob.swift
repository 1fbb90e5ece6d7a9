import Postgres

/// What is asked of PostgreSQL on behalf of a request.
indirect enum ReadJob {
    /// `GET /predict/{id}`.
    case prediction(PredictionID)
    /// The model file of stored predictions that this worker has not met; then what it was needed for, again.
    case artifact(Int32, then: ReadJob)
    /// `GET /history`.
    case history(HistoryQuery, csv: Bool)
    /// Where a filtered page that came back short stopped looking; the rows so far are rendered already.
    case lastExamined(HistoryQuery, HistoryRows)
    /// `GET /history/summary`.
    case summary(HistorySummaryQuery)
    /// The scoring run that `GET /customers` asks for.
    case scoringRun(CustomersQuery, csv: Bool)
    /// `GET /customers`, of a run that is known.
    case customers(CustomersQuery, CustomersQuery.Run, csv: Bool)
    /// `GET /customers/{id}/events`.
    case events(CustomerEventsQuery)
    /// `GET /models`.
    case models
    /// `GET /models/{version}`.
    case model(String)
    /// The stored features of the customers of a prediction that came without.
    case snapshots(WaitingPrediction)
}

extension ReadJob {
    var statement: ReadStatement {
        switch self {
        case .prediction(let id):
            var statement = ReadStatement(StoredPrediction.statement)
            statement.parameters.append(uuid: id.bits)
            return statement
        case .artifact(let number, _):
            var statement = ReadStatement("SELECT version, artifact FROM models WHERE number = $1")
            statement.parameters.append(integer: number)
            return statement
        case .history(let query, _): return HistoryStatement.page(query)
        case .lastExamined(let query, _): return HistoryStatement.lastExamined(query)
        case .summary(let query): return query.statement
        case .scoringRun(let query, _): return CustomersStatement.run(query)
        case .customers(let query, let run, _): return CustomersStatement.page(query, run)
        case .events(let query): return query.statement
        case .models: return ReadStatement(ModelList.statement)
        case .model(let name):
            var statement = ReadStatement(ModelList.oneStatement)
            statement.parameters.append(text: name)
            return statement
        case .snapshots(let waiting):
            var statement = ReadStatement(Snapshots.statement)
            statement.parameters.append(text: waiting.customersJSON)
            for number in waiting.days {
                if let number {
                    statement.parameters.append(integer: Int32(truncatingIfNeeded: number))
                } else {
                    statement.parameters.appendNull(.integer)
                }
            }
            return statement
        }
    }
}
