import Bytes
import Learning
import Postgres

/// Events made again from the rows of the table: byte for byte those that were made at the commit.
struct StoredEvents: ~Copyable {
    /// A page of the table in the order of ids.
    ///
    /// It says of every row whose it is, so that one pass serves many writers; the rest only of those that are wanted.
    private static let page = """
        SELECT id, writer, wanted, model, as_of, created_at, customer_id, request_id, correlation_id, \
        CASE WHEN wanted THEN features::text END, threshold, risk \
        FROM (SELECT *, coalesce(writer = ANY ($2::int4[]), true) AS wanted FROM predictions) AS p \
        WHERE id > $1 ORDER BY id LIMIT $3
        """

    private static let columns = StoredPrediction.Columns(
        customer: 6, asOf: 4, createdAt: 5, threshold: 10, risk: 11, features: 9)

    /// Models that rows were made with, by number; they are few and never change.
    private var models: [Int32: ServingModel] = [:]
    private var answer = ByteBuffer(capacity: 4096)
    /// Rows that cannot be made into events, which no row of this program is.
    private(set) var unfit: Set<PredictionID> = []

    /// What a page held.
    struct Page: ~Copyable {
        var rows = EventRows(capacity: 1 << 16)
        /// Every row up to this one has been read; nil when there was none.
        var last: PredictionID?
        /// Whether there is nothing behind it.
        var isLast = true
    }

    /// Reads the rows behind `id`, at most `limit`, and makes events of those of these writers, or of all.
    mutating func read(
        after id: PredictionID, writers: [Int32]?, limit: Int, _ connection: inout Connection
    ) throws(PostgresError) -> Page {
        let list = writers.map { "{" + $0.map { "\($0)" }.joined(separator: ",") + "}" }
        let result = try connection.execute(Self.page, .uuid(id.bits), Parameter(list), .integer(limit))
        var page = Page()
        page.isLast = result.rowCount < limit
        for row in 0..<result.rowCount {
            guard let bits = result.uuid(row, 0) else { continue }
            page.last = PredictionID(bits: bits)
            if result.boolean(row, 2) == true {
                try append(row, PredictionID(bits: bits), result, &page.rows, &connection)
            }
        }
        return page
    }

    private mutating func append(
        _ row: Int, _ id: PredictionID, _ result: borrowing QueryResult, _ rows: inout EventRows,
        _ connection: inout Connection
    ) throws(PostgresError) {
        let model = try model(Int32(truncatingIfNeeded: result.integer(row, 3) ?? 0), &connection)
        answer.removeAll()
        var churn = false
        var values = FeatureValues(featureCount: model?.featureCount ?? 0)
        if let model, let isChurn = StoredPrediction.write(id, result, row, Self.columns, model, &values, into: &answer)
        {
            churn = isChurn
        } else {
            unfit.insert(id)
            answer.removeAll()
            answer.append("{}")
        }
        rows.append(
            id, writer: Int32(truncatingIfNeeded: result.integer(row, 1) ?? 0), churn: churn,
            customer: result.bytes(row, 6), request: result.bytes(row, 7), correlation: result.bytes(row, 8),
            answers: answer, 0..<answer.count, features: values.json)
    }

    /// Whether the event of a row could not be made; asked once.
    mutating func takeUnfit(_ id: PredictionID) -> Bool { unfit.isEmpty ? false : unfit.remove(id) != nil }

    /// Nil for one that is not there, or cannot be read.
    private mutating func model(_ number: Int32, _ connection: inout Connection) throws(PostgresError) -> ServingModel?
    {
        if let known = models[number] { return known }
        guard let bytes = try ModelRegistry.artifact(number, &connection),
            let file = try? ModelFile(reading: bytes)
        else { return nil }
        let model = ServingModel(file, number: number)
        models[number] = model
        return model
    }
}
