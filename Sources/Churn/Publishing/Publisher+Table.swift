import Linux
import Logging
import Postgres

/// Reading rows that are not in memory.
extension Publisher {
    /// Rows of one page.
    ///
    /// PostgreSQL works at the next one while the one before is sent.
    private static let pageRows = 1_000
    /// Rows after which what has come of the next page is taken in: some 16 KiB, a good part less than the socket holds.
    private static let rowsBetweenLooks = 32
    /// How long one call to PostgreSQL may take before the connection is given up.
    private static let patienceMilliseconds = 10_000

    // MARK: Connection

    /// - Returns: whether there is a connection.
    mutating func connect(_ now: Int) throws(PostgresError) -> Bool {
        if isConnected { return true }
        // The keeper migrates before it says that PostgreSQL answers.
        guard now >= nextConnect, service.database == .answering else { return false }
        connection = try Self.connection(conninfo)
        isConnected = true
        nextSearch = now
        return true
    }

    /// A connection to ask for pages and alerts on.
    static func connection(_ conninfo: String) throws(PostgresError) -> Connection {
        var connection = try Connection(
            conninfo, as: .command, applicationName: "churn publisher", patienceMilliseconds: patienceMilliseconds)
        try StoredPage.prepare(&connection)
        try AlertStatement.prepare(&connection)
        try OtherWriters.prepare(&connection)
        return connection
    }

    /// Lets go of the connection, and with it of the locks of dead writers, whoever takes them now.
    mutating func disconnect(_ error: PostgresError, _ now: Int) {
        // Said once for as long as it goes on.
        if error.description != trouble { log.error("the publisher cannot use PostgreSQL", metadata: error.metadata) }
        trouble = error.description
        connection = nil
        isConnected = false
        ahead.close()
        decisions.forget()
        live.forget()
        nextConnect = now + 500_000_000
        for (writer, track) in tracks where track.isTable { tracks[writer] = nil }
    }

    // MARK: Pages

    /// Rows of one page: an eighth of what Kafka may have at a time.
    private var pageLimit: Int { min(max((state.isAway ? Self.windowWhileAway : window) / 8, 1), Self.pageRows) }

    /// Reads a page for the writers that are behind, and gives it to Kafka.
    ///
    /// - Returns: whether there is another one to be read at once.
    mutating func readTable(_ now: Int) throws(PostgresError) -> Bool {
        let writers = tracks.values.filter { $0.isBehind && $0.source != .lost }.map(\.writer).sorted()
        // What is read from the table is not shown to those who know what workers handed over.
        if careful != nil || !writers.isEmpty { live.forget() }
        if careful != nil { return try readCarefully(now) }
        if writers.isEmpty {
            ahead.close()
            decisions.forget()
            return false
        }
        let limit = pageLimit
        // A row may take two messages.
        guard room(now) >= min(2 * limit, (window + 1) / 2) else { return false }
        let after = writers.map { tracks[$0]!.examined }.min() ?? PredictionID(bits: 0)
        decisions.begin(after: after, isKept: !state.isAway)
        let from = decisions.alertsFrom
        let page = try ahead.read(.init(after: after, writers: writers, limit: limit, alertsFrom: from), conninfo)
        if page.count == limit, let last = page.last {
            try ahead.ask(.init(after: last, writers: writers, limit: limit, alertsFrom: from))
        }
        guard try send(page) else { return false }
        for writer in writers {
            if let last = page.last { tracks[writer]!.examine(upTo: last) }
            // What was committed after this page was read is still to come from the workers.
            if page.isLast { tracks[writer]!.catchUp() }
        }
        if page.isLast { window = Self.windowMax }
        return !page.isLast
    }

    /// Gives the rows of a page to Kafka.
    ///
    /// - Returns: false when one was not taken.
    private mutating func send(_ page: borrowing StoredPage) throws(PostgresError) -> Bool {
        let alerts = try decisions.alerts(page, &connection!)
        var one = EventRows(capacity: 4096)
        var track: WriterTrack?
        for row in 0..<page.count where page.isWanted(row) {
            if row % Self.rowsBetweenLooks == 0 { ahead.takeIn() }
            let (id, writer) = (page.id(row), page.writer(row))
            if track?.writer != writer { track = tracks[writer] }
            guard let track, id > track.enqueued, track.isKnown(id) else { continue }
            one.removeAll()
            try stored.append(row, of: page, to: &one, &connection!)
            let isAlert = one.rows[0].churn && alerts[row]
            guard send(one.rows[0], of: one, track, isAlert: isAlert) else { return false }
        }
        return true
    }

    /// Sends the rows of one writer one by one, each alone, until the refused one has been found.
    private mutating func readCarefully(_ now: Int) throws(PostgresError) -> Bool {
        guard let stretch = careful, underWay == 0, now >= retryAt, !hasFailed else { return false }
        guard let track = tracks[stretch.writer], track.source != .lost, track.enqueued < stretch.until else {
            careful = nil
            alone.removeAll()
            return true
        }
        let page = try StoredPage.read(
            .init(after: track.examined, writers: [stretch.writer], limit: Self.pageRows), &connection!)
        guard let row = (0..<page.count).first(where: { page.isWanted($0) && track.isKnown(page.id($0)) }) else {
            if let last = page.last { tracks[stretch.writer]!.examine(upTo: last) }
            if page.isLast {
                careful = nil
                alone.removeAll()
            }
            return true
        }
        var one = EventRows()
        try stored.append(row, of: page, to: &one, &connection!)
        alone = EventRows(0..<1, of: one)
        let isAlert = one.rows[0].churn && page.isAlert(row)
        if send(one.rows[0], of: one, track, isAlert: isAlert) { track.examine(upTo: page.id(row)) }
        return false
    }
}
