package import Postgres

/// Pages of the table, each asked for while the one before it is used.
///
/// The connection is its own, and is there only while there is something to read: PostgreSQL and the publisher work at the
/// same time.
package struct ReadAhead: ~Copyable {
    private var connection: Connection?
    private(set) var isOpen = false
    /// The page that PostgreSQL is at, or has sent.
    private var asked: StoredPage.Question?
    /// The least row that was committed since that page was asked for: it may or may not be in it.
    private var unseen: PredictionID?

    package init() {}

    /// Reads a page, which may have been asked for before.
    ///
    /// One that was is never the last one: it does not know of what has been committed since.
    package mutating func read(_ question: StoredPage.Question, _ conninfo: String) throws(PostgresError) -> StoredPage
    {
        if !isOpen {
            connection = try Publisher.connection(conninfo)
            isOpen = true
        }
        if let page = try receive(question) { return page }
        return try StoredPage.read(question, &connection!)
    }

    /// The page that was asked for, if it is this one, and nothing is known that it may lack.
    private mutating func receive(_ question: StoredPage.Question) throws(PostgresError) -> StoredPage? {
        guard let asked else { return nil }
        self.asked = nil
        let unseen = unseen
        self.unseen = nil
        var page = try StoredPage.receive(asked, &connection!)
        guard asked == question, let last = page.last else { return nil }
        if let unseen, unseen <= last { return nil }
        page.isLast = false
        return page
    }

    /// Asks for the next page.
    package mutating func ask(_ question: StoredPage.Question) throws(PostgresError) {
        try StoredPage.ask(question, &connection!)
        asked = question
    }

    /// Lets PostgreSQL go on with the page that was asked for.
    mutating func takeIn() { if asked != nil { connection!.takeIn() } }

    /// Rows from `first` on have been committed, and nobody has kept them.
    package mutating func committed(from first: PredictionID) {
        if asked != nil { unseen = min(first, unseen ?? first) }
    }

    /// There is nothing more to read.
    mutating func close() {
        if !isOpen { return }
        connection = nil
        isOpen = false
        asked = nil
        unseen = nil
    }
}
