/// What `GET /history` was asked for.
package struct HistoryQuery: Equatable, Sendable {
    static let limitDefault = 100
    static let limitMax = 1000
    /// Rows that one page looks at before it comes back short: with a rare filter the next page goes on from there.
    static let examinedMax = 100_000

    var customer: String?
    var model: String?
    var churn: Bool?
    /// Microseconds since 1970, inclusive.
    var from: Int?
    /// Microseconds since 1970, exclusive.
    var to: Int?
    var limit = HistoryQuery.limitDefault
    /// The last id of the page before.
    package internal(set) var cursor: PredictionID?

    /// Whether a page may come back short of rows that are there.
    var isFiltered: Bool { churn != nil || model != nil }

    /// The range of ids to look at: ids carry their time, so period and cursor are one range of the primary key.
    package var ids: Range<PredictionID> {
        let first = PredictionID(firstAt: from ?? 0)
        var end = to.map { PredictionID(firstAt: $0) } ?? PredictionID(bits: .max)
        if let cursor { end = min(end, cursor) }
        return first..<max(first, end)
    }
}
