import Bytes
import HTTP
import Learning
import Postgres

/// The rows of one batch, column by column, as the parameters of `PredictionInsert.text`.
struct PredictionColumns: ~Copyable, Sendable {
    /// The number of columns, and of array parameters.
    static let columnCount = 14

    /// How far each column was filled.
    struct Mark {
        let rows: Int
        let offsets: InlineArray<14, Int>
    }

    /// The columns in the order of the parameters.
    private(set) var arrays: InlineArray<14, BinaryArray>

    init() {
        arrays = InlineArray { index in BinaryArray(Column.types[index], capacity: 256) }
    }

    private enum Column {
        static let id = 0, createdAt = 1, probability = 2, threshold = 3, model = 4, horizon = 5, asOf = 6, churn = 7
        static let customer = 8, risk = 9, source = 10, request = 11, correlation = 12, features = 13
        static let types: InlineArray<14, PostgresType> = [
            .uuid, .timestamp, .double, .double, .integer, .integer, .date, .boolean,
            .text, .text, .text, .text, .text, .json,
        ]
    }

    /// Rows.
    var count: Int { arrays[Column.id].count }

    /// The size of all columns together: what the batch costs on the wire.
    ///
    /// Kept, not computed: a getter that looks into the arrays gets a copy of them (Swift 6.3.1).
    private(set) var bytes = 0

    private mutating func measure() {
        // The other columns are at most 20 bytes a row and column.
        bytes = arrays[Column.features].bytes.count + arrays[Column.customer].bytes.count + count * 12 * 20
    }

    var mark: Mark { Mark(rows: count, offsets: InlineArray { arrays[$0].bytes.count }) }

    mutating func rollBack(to mark: Mark) {
        if mark.rows == count { return }
        for column in 0..<Self.columnCount { arrays[column].truncate(to: mark.rows, offset: mark.offsets[column]) }
        measure()
    }

    mutating func removeAll() {
        for column in 0..<Self.columnCount { arrays[column].removeAll() }
        measure()
    }

    // MARK: Rows

    /// Appends the row of an instance that has been scored.
    ///
    /// - Parameter features: the instance's features as JSON.
    mutating func append(
        _ instance: borrowing Instance, _ model: ServingModel, _ decision: RowDecision, _ context: AnswerContext,
        _ origin: borrowing Origin, features: borrowing ByteBuffer
    ) {
        arrays[Column.id].append(uuid: context.id?.bits ?? 0)
        arrays[Column.createdAt].append(microsecondsSince1970: context.createdAt)
        arrays[Column.probability].append(double: instance.row.probability)
        arrays[Column.threshold].append(double: decision.threshold)
        arrays[Column.model].append(integer: model.number)
        if let days = model.model.horizonDays {
            arrays[Column.horizon].append(integer: Int32(truncatingIfNeeded: days))
        } else {
            arrays[Column.horizon].appendNull()
        }
        if let asOf = context.asOf {
            arrays[Column.asOf].append(daysSince1970: asOf)
        } else {
            arrays[Column.asOf].appendNull()
        }
        arrays[Column.churn].append(boolean: decision.isChurn)
        arrays[Column.customer].append(instance.customer, 0..<instance.customer.count)
        switch decision.risk {
        case .low: arrays[Column.risk].append("low")
        case .medium: arrays[Column.risk].append("medium")
        case .high: arrays[Column.risk].append("high")
        }
        switch origin.source {
        case .http: arrays[Column.source].append("http")
        case .kafka: arrays[Column.source].append("kafka")
        case .score: arrays[Column.source].append("score")
        }
        appendText(origin.requestID, Column.request)
        appendText(origin.correlationID, Column.correlation)
        arrays[Column.features].append(features, 0..<features.count)
        measure()
    }

    /// By what the caller knows the request of a row; nil where it gave no id.
    func requestID(_ row: Int) -> String? {
        var offset = BinaryArray.firstOffset
        for _ in 0..<row { offset += 4 + max(arrays[Column.request].length(at: offset), 0) }
        let length = arrays[Column.request].length(at: offset)
        return length > 0 ? arrays[Column.request].bytes.text(offset + 4..<offset + 4 + length) : nil
    }

    /// Gives a row another id, and the time that is in it.
    mutating func renumber(_ row: Int, _ id: PredictionID) {
        arrays[Column.id].replace(row, uuid: id.bits)
        arrays[Column.createdAt].replace(row, microsecondsSince1970: id.microseconds)
    }

    /// An empty text is NULL.
    private mutating func appendText(_ text: borrowing ByteBuffer, _ column: Int) {
        if text.isEmpty { arrays[column].appendNull() } else { arrays[column].append(text, 0..<text.count) }
    }

    /// Appends copies of some rows of another batch: how a batch is cut when one of its rows is refused.
    mutating func append(_ rows: Range<Int>, of other: borrowing PredictionColumns) {
        for column in 0..<Self.columnCount { copy(rows, of: other, column) }
        measure()
    }

    private mutating func copy(_ rows: Range<Int>, of other: borrowing PredictionColumns, _ column: Int) {
        var offset = BinaryArray.firstOffset
        for row in 0..<rows.upperBound {
            let length = other.arrays[column].length(at: offset)
            if rows.contains(row) { arrays[column].append(elementAt: offset, of: other.arrays[column]) }
            offset += 4 + max(length, 0)
        }
    }
}

/// Where a row came from, as the caller said it; memory that is filled again and again.
struct Origin: ~Copyable {
    /// The longest request or correlation id that is kept.
    static let idBytesMax = 128

    var source = Source.http
    private(set) var requestID = ByteBuffer(capacity: Origin.idBytesMax)
    private(set) var correlationID = ByteBuffer(capacity: Origin.idBytesMax)

    /// Takes the ids of a request from its head.
    mutating func set(_ bytes: borrowing ByteBuffer, _ head: RequestHead) {
        set(bytes, requestID: Self.requestID(bytes, head), correlationID: head.correlationID)
    }

    /// By what a request is known: the id that its caller gave it, else the trace that it belongs to.
    static func requestID(_ bytes: borrowing ByteBuffer, _ head: RequestHead) -> Range<Int>? {
        if let id = head.requestID, isUsable(bytes, id) { return id }
        return head.traceParent.flatMap { TraceParent.traceID(bytes.span, $0) }
    }

    /// Takes the ids of a request; what is too long or not visible ASCII counts as not given.
    mutating func set(_ bytes: borrowing ByteBuffer, requestID: Range<Int>?, correlationID: Range<Int>?) {
        Self.copy(bytes, requestID, into: &self.requestID)
        Self.copy(bytes, correlationID, into: &self.correlationID)
    }

    /// Takes the ids of a prediction that waited.
    mutating func restore(_ waiting: WaitingPrediction) {
        requestID.removeAll()
        requestID.append(waiting.requestID, 0..<waiting.requestID.count)
        correlationID.removeAll()
        correlationID.append(waiting.correlationID, 0..<waiting.correlationID.count)
    }

    private static func copy(_ bytes: borrowing ByteBuffer, _ range: Range<Int>?, into buffer: inout ByteBuffer) {
        buffer.removeAll()
        if let range, isUsable(bytes, range) { buffer.append(bytes, range) }
    }

    private static func isUsable(_ bytes: borrowing ByteBuffer, _ id: Range<Int>) -> Bool {
        guard !id.isEmpty, id.count <= idBytesMax else { return false }
        for offset in id where bytes[offset] < 0x21 || bytes[offset] > 0x7E { return false }
        return true
    }
}
