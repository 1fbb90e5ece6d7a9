/// Rows of one writer that Kafka was given, in the order in which it was given them, until they are acknowledged.
///
/// Brokers acknowledge messages in any order; rows leave in theirs.
struct AwaitedRows {
    private struct Row {
        let id: PredictionID
        /// Messages that have no acknowledgement yet.
        var awaited: Int
    }

    private var rows: [Row] = []
    /// Rows before this one have left; they are removed many at a time.
    private var head = 0
    /// The number of the row at `head`; numbers are never used again.
    private var firstNumber: UInt32 = 0

    var isEmpty: Bool { head == rows.count }

    /// The number by which `acknowledge` will know the next row.
    var nextNumber: UInt32 { firstNumber &+ UInt32(truncatingIfNeeded: rows.count - head) }

    /// - Parameter messages: how many messages it takes.
    mutating func append(_ id: PredictionID, messages: Int) { rows.append(Row(id: id, awaited: messages)) }

    /// One message of a row has been acknowledged; numbers of rows that are gone mean nothing.
    ///
    /// - Returns: how many rows leave, and the last of them.
    mutating func acknowledge(_ number: UInt32) -> (count: Int, last: PredictionID)? {
        guard let index = index(of: number) else { return nil }
        rows[index].awaited -= 1
        let before = head
        while head < rows.count, rows[head].awaited == 0 { head += 1 }
        if head == before { return nil }
        let (count, last) = (head - before, rows[head - 1].id)
        firstNumber = firstNumber &+ UInt32(truncatingIfNeeded: count)
        if head == rows.count || head > 4096 {
            rows.removeFirst(head)
            head = 0
        }
        return (count, last)
    }

    /// Forgets all that have not left.
    mutating func removeAll() {
        firstNumber = nextNumber
        rows.removeAll(keepingCapacity: false)
        head = 0
    }

    /// The row behind a number; nil for one that is gone.
    func id(of number: UInt32) -> PredictionID? { index(of: number).map { rows[$0].id } }

    private func index(of number: UInt32) -> Int? {
        let distance = Int(number &- firstNumber)
        return distance < rows.count - head ? head + distance : nil
    }
}
