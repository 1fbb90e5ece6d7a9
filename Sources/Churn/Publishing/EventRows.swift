import Bytes

/// The events of rows: everything that goes to Kafka about them, in one run of bytes.
struct EventRows: ~Copyable, Sendable {
    /// One event: where its parts lie, one after the other.
    struct Row: Sendable {
        let id: PredictionID
        let writer: Int32
        let churn: Bool
        fileprivate let customer: Range<Int>
        fileprivate let request: Range<Int>
        fileprivate let correlation: Range<Int>
        fileprivate let value: Range<Int>
    }

    /// How far they were filled.
    struct Mark {
        fileprivate let rows: Int
        fileprivate let bytes: Int
    }

    private var text: ByteBuffer
    private(set) var rows: [Row] = []

    init(capacity: Int = 16) { text = ByteBuffer(capacity: capacity) }

    /// Copies of some rows of others.
    init(_ range: Range<Int>, of other: borrowing EventRows) {
        self.init(capacity: 4096)
        for row in other.rows[range] {
            let start = text.count
            text.append(other.text, row.customer.lowerBound..<row.value.upperBound)
            let distance = start - row.customer.lowerBound
            rows.append(
                Row(
                    id: row.id, writer: row.writer, churn: row.churn, customer: row.customer.moved(by: distance),
                    request: row.request.moved(by: distance), correlation: row.correlation.moved(by: distance),
                    value: row.value.moved(by: distance)))
        }
    }

    var count: Int { rows.count }
    /// From the first row to the last; nil where there are none.
    var ids: ClosedRange<PredictionID>? {
        guard let first = rows.first?.id, let last = rows.last?.id else { return nil }
        return first...last
    }
    /// What they cost in memory, about.
    var bytes: Int { text.count + rows.count * MemoryLayout<Row>.stride }

    var mark: Mark { Mark(rows: rows.count, bytes: text.count) }

    mutating func rollBack(to mark: Mark) {
        rows.removeLast(rows.count - mark.rows)
        text.truncate(to: mark.bytes)
    }

    /// Takes out the first rows; their bytes stay until all are gone.
    mutating func removeFirst(_ count: Int) { rows.removeFirst(count) }

    mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        text.removeAll()
    }

    // MARK: Rows

    /// Appends the event of a row: its answer, which gets one more member, the features.
    ///
    /// - Parameters:
    ///   - answer: where the answer lies in `answers`.
    ///   - features: as the row has them.
    mutating func append(
        _ id: PredictionID, writer: Int32 = 0, churn: Bool, customer: Span<UInt8>, request: Span<UInt8>,
        correlation: Span<UInt8>, answers: borrowing ByteBuffer, _ answer: Range<Int>, features: borrowing ByteBuffer
    ) {
        let customer = append(customer)
        let request = append(request)
        let correlation = append(correlation)
        let start = text.count
        text.append(answers, answer.lowerBound..<answer.upperBound - 1)
        text.append(",\"features\":")
        text.append(features, 0..<features.count)
        text.append(byte: 0x7D)
        rows.append(
            Row(
                id: id, writer: writer, churn: churn, customer: customer, request: request, correlation: correlation,
                value: start..<text.count))
    }

    /// Gives a row another id, and the time that is in it.
    mutating func renumber(_ row: Int, _ id: PredictionID) {
        let old = rows[row]
        var value = ByteBuffer(capacity: old.value.count)
        value.append(text, old.value)
        let distance = text.count - old.customer.lowerBound
        text.append(copyOf: old.customer.lowerBound..<old.value.lowerBound)
        let start = text.count
        Answer.rewrite(value, [id], into: &text)
        rows[row] = Row(
            id: id, writer: old.writer, churn: old.churn, customer: old.customer.moved(by: distance),
            request: old.request.moved(by: distance), correlation: old.correlation.moved(by: distance),
            value: start..<text.count)
    }

    private mutating func append(_ part: Span<UInt8>) -> Range<Int> {
        let start = text.count
        text.append(part)
        return start..<text.count
    }

    // MARK: Parts

    @_lifetime(borrow self)
    borrowing func customer(_ row: Row) -> Span<UInt8> { text.span.extracting(row.customer) }

    @_lifetime(borrow self)
    borrowing func value(_ row: Row) -> Span<UInt8> { text.span.extracting(row.value) }

    /// The id that the caller gave the request; empty where it gave none.
    @_lifetime(borrow self)
    borrowing func request(_ row: Row) -> Span<UInt8> { text.span.extracting(row.request) }

    /// The id under which the caller waits for the event; empty where it gave none.
    @_lifetime(borrow self)
    borrowing func correlation(_ row: Row) -> Span<UInt8> { text.span.extracting(row.correlation) }
}

extension Range<Int> {
    fileprivate func moved(by distance: Int) -> Range<Int> { lowerBound + distance..<upperBound + distance }
}
