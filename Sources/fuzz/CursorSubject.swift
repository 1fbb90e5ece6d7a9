import Bytes
import Churn

extension Subject {
    /// What callers hand back as a cursor, bare and in the queries of the routes that page.
    static let cursor = Subject(
        "cursor",
        seeds:
            "019a7c2e6f1b7abc8def0123456789ab",
        "0000000100004f3a3fe0000000000000019a7c2e6f1b7abc8def0123456789ab",
        "customer_id=C-17&from=2026-11-22&to=2026-11-22T03:00:00Z&churn=true&limit=1000&cursor=019a7c2e6f1b7abc8def0123456789ab",
        "as_of=latest&risk=high&order=expected_loss&limit=7&cursor=0000000100004f3a3fe0000000000000019a7c2e6f1b7abc8def0123456789ab",
        "limit=%31&&churn", "cursor=0000000100004f3a7ff0000000000000019a7c2e6f1b7abc8def0123456789ab"
    ) { bytes in
        checkCursors(bytes)
        var text = ByteBuffer()
        text.append(bytes)
        if let query = try? HistoryQuery(text, 0..<text.count), let cursor = query.cursor {
            precondition(query.ids.isEmpty || query.ids.upperBound <= cursor, "a page that begins before its cursor")
        }
        guard let query = try? CustomersQuery(text, 0..<text.count), let cursor = query.cursor else { return }
        var next = ByteBuffer()
        next.append(text: String(query.target(after: cursor).drop { $0 != "?" }.dropFirst()))
        guard let again = try? CustomersQuery(next, 0..<next.count) else {
            preconditionFailure("our own link is refused")
        }
        precondition(again.cursor == cursor, "the cursor of our own link is another")
    }
}

/// A cursor that is taken is written again as it was, but for the case of its letters.
private func checkCursors(_ bytes: [UInt8]) {
    let lower = bytes.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
    if let id = HistoryCursor.read(bytes.span) {
        var written = ByteBuffer()
        HistoryCursor.write(id, into: &written)
        precondition(written.bytes == lower, "\(bytes) was read as \(written.text)")
    }
    if let cursor = CustomersCursor(bytes.span) {
        precondition(Array(cursor.text.utf8) == lower, "\(bytes) was read as \(cursor.text)")
    }
}
