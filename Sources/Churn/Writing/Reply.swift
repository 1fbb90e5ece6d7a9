import HTTP
import Server

/// A request whose rows are in a batch and whose answer waits for the commit.
struct Reply {
    let ticket: Ticket
    let route: Route
    let method: Method
    /// Where the whole response lies in `Batch.answers`.
    private(set) var answer: Range<Int>
    /// Its rows in the batch.
    private(set) var rows: Range<Int>
    /// The first of its ids: what a caller is told whose outcome is unknown.
    private(set) var firstID: PredictionID
    /// When the rows joined the batch, in monotonic nanoseconds: the head of the request may be much older.
    let queuedAt: Int
    /// Set once the caller has been answered, with the commit or without it.
    var isAnswered = false

    init(
        ticket: Ticket, route: Route, method: Method, answer: Range<Int>, rows: Range<Int>, firstID: PredictionID,
        queuedAt: Int
    ) {
        self.ticket = ticket
        self.route = route
        self.method = method
        self.answer = answer
        self.rows = rows
        self.firstID = firstID
        self.queuedAt = queuedAt
    }

    /// Its rows have other ids now, and its answer says so.
    mutating func renumber(firstID: PredictionID, answer: Range<Int>) {
        self.firstID = firstID
        self.answer = answer
    }

    /// Follows the rows when others in front of them leave the batch.
    mutating func moveRows(by distance: Int) {
        rows = rows.lowerBound + distance..<rows.upperBound + distance
    }
}
