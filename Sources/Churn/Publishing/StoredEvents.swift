import Bytes
import Learning
import Postgres

/// Events made again from the rows of the table: byte for byte those that were made at the commit.
struct StoredEvents: ~Copyable {
    private static let columns = StoredPrediction.Columns(
        customer: StoredPage.Column.customer, asOf: StoredPage.Column.asOf,
        threshold: StoredPage.Column.threshold, risk: StoredPage.Column.risk, features: StoredPage.Column.features)

    /// Models that rows were made with, by number; they are few and never change.
    private var models: [Int32: ServingModel] = [:]
    /// That of the last row, which is mostly that of the next one.
    private var last: (number: Int32, model: ServingModel)?
    private var answers = StoredAnswers()
    private var answer = ByteBuffer(capacity: 4096)
    /// Rows that cannot be made into events, which no row of this program is.
    private(set) var unfit: Set<PredictionID> = []

    /// Appends the event of a row of a page.
    ///
    /// - Parameter connection: to read a model that no row before this one was made with.
    mutating func append(
        _ row: Int, of page: borrowing StoredPage, to rows: inout EventRows, _ connection: inout Connection
    ) throws(PostgresError) {
        let id = page.id(row)
        let model = try model(page.model(row), &connection)
        answer.removeAll()
        let churn = model.flatMap { model in
            answers.write(id, page.result, row, Self.columns, model, into: &answer)
        }
        if let churn {
            append(row, id, page, churn, features: answers.values.json, to: &rows)
        } else {
            unfit.insert(id)
            answer.removeAll()
            answer.append("{}")
            append(row, id, page, false, features: ByteBuffer(), to: &rows)
        }
    }

    private func append(
        _ row: Int, _ id: PredictionID, _ page: borrowing StoredPage, _ churn: Bool,
        features: borrowing ByteBuffer, to rows: inout EventRows
    ) {
        rows.append(
            id, writer: page.writer(row), churn: churn, customer: page.result.bytes(row, StoredPage.Column.customer),
            request: page.result.bytes(row, StoredPage.Column.request),
            correlation: page.result.bytes(row, StoredPage.Column.correlation), answers: answer, 0..<answer.count,
            features: features)
    }

    /// Whether the event of a row could not be made; asked once.
    mutating func takeUnfit(_ id: PredictionID) -> Bool { unfit.isEmpty ? false : unfit.remove(id) != nil }

    /// Nil for one that is not there, or cannot be read.
    private mutating func model(_ number: Int32, _ connection: inout Connection) throws(PostgresError) -> ServingModel?
    {
        if let last, last.number == number { return last.model }
        if models[number] == nil { models[number] = try read(number, &connection) }
        if let model = models[number] { last = (number, model) }
        return models[number]
    }

    private func read(_ number: Int32, _ connection: inout Connection) throws(PostgresError) -> ServingModel? {
        guard let bytes = try ModelRegistry.artifact(number, &connection),
            let file = try? ModelFile(reading: bytes)
        else { return nil }
        return ServingModel(file, number: number)
    }
}
