import Bytes
import HTTP
import Postgres
import Server

/// `GET /customers`: the run, then its model, then a page of it.
extension PredictService {
    /// What to ask for a page of a run: first its model, if this worker has not met it.
    func customers(_ query: CustomersQuery, _ run: CustomersQuery.Run, csv: Bool) -> ReadJob {
        let page = ReadJob.customers(query, run, csv: csv)
        return knownModels[run.number] == nil ? .artifact(run.number, then: page) : page
    }

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
        ask(read.followed(by: customers(query, run, csv: csv)), &loop)
    }

    /// Answers with a page.
    mutating func page(
        _ query: CustomersQuery, _ run: CustomersQuery.Run, csv: Bool, _ read: PendingRead,
        _ result: borrowing QueryResult, _ loop: inout Loop
    ) {
        guard let model = knownModels[run.number] else { return }
        var page = CustomersPage(model, run, csv: csv)
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
