/// Some rows of a table, in an order.
package struct RowSelection: Sendable {
    private let indices: [Int32]
    /// Whether the rows are a stretch of the table, which is read without looking up each of them.
    private let isStretch: Bool

    package init(_ indices: [Int32]) {
        precondition(!indices.isEmpty, "a selection needs a row")
        self.indices = indices
        let first = indices[0]
        isStretch = indices.indices.allSatisfy { indices[$0] == first &+ Int32(truncatingIfNeeded: $0) }
    }

    package var count: Int { indices.count }

    /// Hands the values of `column` at the rows `places` of the selection to `body`.
    ///
    /// - Parameter room: for as many values; used when the rows are no stretch.
    @unsafe @inline(__always)
    func read<Value>(
        _ column: [Value], _ places: Range<Int>, _ room: UnsafeMutablePointer<Value>,
        _ body: (UnsafePointer<Value>) -> Void
    ) {
        precondition(places.lowerBound >= 0 && places.upperBound <= indices.count, "rows \(places) of \(indices.count)")
        guard isStretch else {
            for offset in 0..<places.count { unsafe room[offset] = column[Int(indices[places.lowerBound + offset])] }
            return unsafe body(room)
        }
        let start = Int(indices[0]) + places.lowerBound
        precondition(start >= 0 && start + places.count <= column.count, "a row beyond the table")
        unsafe column.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { unsafe body(base + start) }
        }
    }

    /// `values` at the rows of the selection.
    func values<Value>(_ values: [Value]) -> [Value] { indices.map { values[Int($0)] } }
}
