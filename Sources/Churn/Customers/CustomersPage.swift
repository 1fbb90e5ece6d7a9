import Bytes
import JSON
import Learning
import Postgres

/// A page of customers in the two forms in which it leaves: JSON, and lines of CSV (RFC 4180).
struct CustomersPage: ~Copyable {
    /// How many features are named as reasons.
    static let reasonsMax = 3

    private enum Column {
        static let id = 0, customer = 1, probability = 2, churn = 3, risk = 4, features = 5, rank = 6, loss = 7
        static let previous = 8
    }

    private let model: ServingModel
    private let run: CustomersQuery.Run
    private let summary: CustomersQuery.Summary?
    private var scorer: SnapshotScorer
    private var values: FeatureValues
    private let recency: Int?
    private let isCSV: Bool

    init(_ model: ServingModel, _ run: CustomersQuery.Run, _ summary: CustomersQuery.Summary?, csv: Bool) {
        self.model = model
        self.run = run
        self.summary = summary
        scorer = SnapshotScorer(model)
        values = FeatureValues(featureCount: model.featureCount)
        recency = model.schema.index(ofName: Baselines.recencyFeature)
        isCSV = csv
    }

    /// The page of a service that has no finished run.
    static func writeEmpty(csv: Bool, into body: inout ByteBuffer) {
        csv
            ? body.append(header)
            : body.append(
                #"{"as_of":null,"model":null,"horizon_days":null,"summary":null,"customers":[],"next_cursor":null}"#)
    }

    /// Appends the page.
    ///
    /// - Parameter rows: how many of the result's are in it.
    /// - Returns: false when a row does not fit the model, which none of this program does.
    mutating func write(_ result: borrowing QueryResult, rows: Int, into body: inout ByteBuffer) -> Bool {
        begin(into: &body)
        for row in 0..<rows {
            guard
                scorer.score(features: result.bytes(row, Column.features), of: result.bytes(row, Column.customer))
                    != nil
            else { return false }
            scorer.orderContributions()
            values.set(scorer.instance, model)
            if isCSV {
                writeLine(result, row, into: &body)
            } else {
                if row > 0 { body.append(byte: 0x2C) }
                writeObject(result, row, into: &body)
            }
        }
        if !isCSV { body.append(byte: 0x5D) }
        return true
    }

    /// Where the page ends of which `row` is the last.
    func cursor(_ result: borrowing QueryResult, _ row: Int) -> CustomersCursor {
        CustomersCursor(
            run: run, rank: result.double(row, Column.rank) ?? 0,
            id: PredictionID(bits: result.uuid(row, Column.id) ?? 0))
    }

    // MARK: JSON

    private func begin(into body: inout ByteBuffer) {
        if isCSV { return body.append(Self.header) }
        body.append("{\"as_of\":\"")
        body.append(date: CivilTime(daysSince1970: run.day))
        body.append("\",\"model\":")
        body.append(jsonString: model.version)
        body.append(",\"horizon_days\":")
        if let days = model.model.horizonDays { body.append(decimal: days) } else { body.append("null") }
        body.append(",\"summary\":")
        if let summary { write(summary, into: &body) } else { body.append("null") }
        body.append(",\"customers\":[")
    }

    private func write(_ summary: CustomersQuery.Summary, into body: inout ByteBuffer) {
        body.append("{\"customers\":")
        body.append(decimal: summary.customers)
        body.append(",\"high\":")
        body.append(decimal: summary.high)
        body.append(",\"medium\":")
        body.append(decimal: summary.medium)
        body.append(",\"low\":")
        body.append(decimal: summary.low)
        body.append(",\"high_change\":")
        if let change = summary.highChange { body.append(decimal: change) } else { body.append("null") }
        body.append(",\"expected_loss\":")
        Self.write(summary.expectedLoss, null: "null", into: &body)
        body.append(",\"expected_loss_change\":")
        Self.write(summary.expectedLossChange, null: "null", into: &body)
        body.append(byte: 0x7D)
    }

    /// Appends `,"next_cursor":…}`.
    static func writeEnd(next: CustomersCursor?, into body: inout ByteBuffer) {
        body.append(",\"next_cursor\":")
        if let next { body.append(jsonString: next.text) } else { body.append("null") }
        body.append(byte: 0x7D)
    }

    private mutating func writeObject(_ result: borrowing QueryResult, _ row: Int, into body: inout ByteBuffer) {
        body.append("{\"customer_id\":")
        body.append(jsonString: result.bytes(row, Column.customer))
        body.append(",\"probability\":")
        body.append(shortest: result.double(row, Column.probability) ?? 0)
        body.append(",\"previous_probability\":")
        Self.write(result.double(row, Column.previous), null: "null", into: &body)
        body.append(result.boolean(row, Column.churn) == true ? ",\"churn\":true" : ",\"churn\":false")
        body.append(",\"risk\":")
        body.append(jsonString: result.bytes(row, Column.risk))
        body.append(",\"expected_loss\":")
        Self.write(result.double(row, Column.loss), null: "null", into: &body)
        body.append(",\"days_since_last_activity\":")
        Self.write(recency.flatMap { scorer.number($0) }, null: "null", into: &body)
        body.append(",\"reasons\":[")
        for rank in 0..<min(Self.reasonsMax, model.featureCount) {
            if rank > 0 { body.append(byte: 0x2C) }
            let feature = scorer.instance.row.feature(ranked: rank)
            model.writeContribution(feature, into: &body)
            values.write(feature, into: &body)
            body.append(",\"contribution\":")
            body.append(shortest: scorer.instance.row.contribution(feature))
            body.append(byte: 0x7D)
        }
        body.append("],\"prediction_id\":\"")
        body.append(uuid: result.uuid(row, Column.id) ?? 0)
        body.append("\"}")
    }

    private static func write(_ number: Double?, null: StaticString, into body: inout ByteBuffer) {
        if let number { body.append(shortest: number) } else { body.append(null) }
    }

    // MARK: CSV

    private static let header: StaticString = """
        customer_id,probability,previous_probability,churn,risk,expected_loss,days_since_last_activity,reason_1,reason_2,\
        reason_3,prediction_id\r\n
        """

    private mutating func writeLine(_ result: borrowing QueryResult, _ row: Int, into body: inout ByteBuffer) {
        HistoryPage.appendField(result.bytes(row, Column.customer), to: &body)
        body.append(byte: 0x2C)
        body.append(shortest: result.double(row, Column.probability) ?? 0)
        body.append(byte: 0x2C)
        Self.write(result.double(row, Column.previous), null: "", into: &body)
        body.append(result.boolean(row, Column.churn) == true ? ",true," : ",false,")
        body.append(result.bytes(row, Column.risk))
        body.append(byte: 0x2C)
        Self.write(result.double(row, Column.loss), null: "", into: &body)
        body.append(byte: 0x2C)
        Self.write(recency.flatMap { scorer.number($0) }, null: "", into: &body)
        for rank in 0..<Self.reasonsMax {
            body.append(byte: 0x2C)
            guard rank < model.featureCount else { continue }
            let name = model.schema.features[scorer.instance.row.feature(ranked: rank)].name
            HistoryPage.appendField(Array(name.utf8).span, to: &body)
        }
        body.append(byte: 0x2C)
        body.append(uuid: result.uuid(row, Column.id) ?? 0)
        body.append("\r\n")
    }
}
