import Bytes
import HTTP
import Postgres
import Server

/// `GET /customers`: the run, then its model, then a page of it.
extension PredictService {
    /// Goes on with the run that was found; without one nobody has been scored yet.
    mutating func found(
        _ query: CustomersQuery, csv: Bool, _ read: PendingRead, _ result: borrowing QueryResult, _ loop: inout Loop
    ) {
        guard result.rowCount == 1, let number = result.integer(0, 0), let day = result.date(0, 1) else {
            body.removeAll()
            CustomersPage.writeEmpty(csv: csv, into: &body)
            return sendBody(read, csv ? .csv : .json, &loop)
        }
        let run = CustomersQuery.Run(number: Int32(truncatingIfNeeded: number), day: day)
        var query = query
        let (high, loss) = (result.integer(0, 3) ?? 0, result.double(0, 5))
        query.summary = CustomersQuery.Summary(
            customers: result.integer(0, 2) ?? 0, high: high, medium: result.integer(0, 4) ?? 0,
            highChange: result.integer(0, 6).map { high - $0 }, expectedLoss: loss,
            expectedLossChange: loss.flatMap { loss in result.double(0, 7).map { loss - $0 } })
        let page = ReadJob.customers(query, run, csv: csv)
        // The reasons come from the run's own model, which this worker may not have met.
        ask(read.followed(by: knownModels[run.number] == nil ? .artifact(run.number, then: page) : page), &loop)
    }

    /// Answers with a page.
    mutating func page(
        _ query: CustomersQuery, _ run: CustomersQuery.Run, csv: Bool, _ read: PendingRead,
        _ result: borrowing QueryResult, _ loop: inout Loop
    ) {
        guard let model = knownModels[run.number] else { return }
        var page = CustomersPage(model, run, query.summary, csv: csv)
        let rows = min(result.rowCount, query.limit)
        body.removeAll()
        guard page.write(result, rows: rows, into: &body) else {
            let problem = Problem(
                .internalServerError, "unfit-row", "The stored features do not fit the model that the row names.")
            return fail(read.ticket, read.route, read.method, problem, &loop)
        }
        let next = result.rowCount > rows ? page.cursor(result, rows - 1) : nil
        if !csv { CustomersPage.writeEnd(next: next, into: &body) }
        sendBody(read, csv ? .csv : .json, next: next.map { query.target(after: $0) }, &loop)
    }
}
