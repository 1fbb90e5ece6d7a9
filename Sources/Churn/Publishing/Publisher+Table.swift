import Linux
import Logging
import Postgres

/// Reading rows that are not in memory.
extension Publisher {
    /// Rows of one page.
    private static let pageRows = 2_000
    /// How long one call to PostgreSQL may take before the connection is given up.
    private static let patienceMilliseconds = 10_000

    // MARK: Connection

    /// - Returns: whether there is a connection.
    mutating func connect(_ now: Int) throws(PostgresError) -> Bool {
        if isConnected { return true }
        // The keeper migrates before it says that PostgreSQL answers.
        guard now >= nextConnect, service.database == .answering else { return false }
        connection = try Connection(
            conninfo, as: .command, applicationName: "churn publisher",
            patienceMilliseconds: Self.patienceMilliseconds)
        isConnected = true
        nextSearch = now
        return true
    }

    /// Lets go of the connection, and with it of the locks of dead writers, whoever takes them now.
    mutating func disconnect(_ error: PostgresError, _ now: Int) {
        // Said once for as long as it goes on.
        if error.description != trouble { log.error("the publisher cannot use PostgreSQL", metadata: error.metadata) }
        trouble = error.description
        connection = nil
        isConnected = false
        nextConnect = now + 500_000_000
        for (writer, track) in tracks where track.isTable { tracks[writer] = nil }
    }

    // MARK: Pages

    /// Reads a page for the writers that are behind, and gives it to Kafka.
    ///
    /// - Returns: whether there is another one to be read at once.
    mutating func readTable(_ now: Int) throws(PostgresError) -> Bool {
        if careful != nil { return try readCarefully(now) }
        let writers = tracks.values.filter { $0.isBehind && $0.source != .lost }.map(\.writer)
        let room = room(now)
        // While none answers a page would only be dropped; the first few rows find out.
        guard !writers.isEmpty, room >= (state.isAway ? 1 : (window + 1) / 2) else { return false }
        let after = writers.map { tracks[$0]!.examined }.min() ?? PredictionID(bits: 0)
        // A row may take two messages.
        let limit = min(max(room / 2, 1), Self.pageRows)
        let page = try stored.read(after: after, writers: writers, limit: limit, &connection!)
        var asked = AskedRows()
        asked.append(page.rows, after: PredictionID(bits: 0))
        let alerts = try alerts(among: asked)
        for row in page.rows.rows where row.id > tracks[row.writer]!.enqueued {
            guard send(row, of: page.rows, row.writer, isAlert: alerts.contains(row.id)) else { return false }
        }
        for writer in writers {
            if let last = page.last { tracks[writer]!.examine(upTo: last) }
            // What was committed after this page was read is still to come from the workers.
            if page.isLast { tracks[writer]!.catchUp() }
        }
        if page.isLast { window = Self.windowMax }
        return !page.isLast
    }

    /// Sends the rows of one writer one by one, each alone, until the refused one has been found.
    private mutating func readCarefully(_ now: Int) throws(PostgresError) -> Bool {
        guard let stretch = careful, underWay == 0, now >= retryAt, !hasFailed else { return false }
        guard let track = tracks[stretch.writer], track.source != .lost, track.enqueued < stretch.until else {
            careful = nil
            alone.removeAll()
            return true
        }
        let page = try stored.read(
            after: track.examined, writers: [stretch.writer], limit: Self.pageRows, &connection!)
        guard let row = page.rows.rows.first else {
            if let last = page.last { tracks[stretch.writer]!.examine(upTo: last) }
            if page.isLast {
                careful = nil
                alone.removeAll()
            }
            return true
        }
        alone = EventRows(0..<1, of: page.rows)
        var asked = AskedRows()
        asked.append(alone, after: PredictionID(bits: 0))
        let isAlert = try !alerts(among: asked).isEmpty
        if send(row, of: page.rows, stretch.writer, isAlert: isAlert) { tracks[stretch.writer]!.examine(upTo: row.id) }
        return false
    }
}
