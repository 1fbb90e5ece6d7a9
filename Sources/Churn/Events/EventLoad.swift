import Bytes
import Postgres

/// Loads files, each in one transaction: all of its events are there afterwards, or none.
struct EventLoad: Sendable {
    let mapping: EventMapping
    let replaces: Bool
    let limit: RejectLimit
    /// What the person says: up to when the files are complete; in microseconds since 1970.
    let completeTo: Int?
    /// Events after it are rejected; in microseconds since 1970.
    let latest: Int

    /// - Parameter rejects: gets the lines that are no events.
    func run(
        _ path: String, _ rejects: inout RejectsFile, _ progress: inout Progress, _ session: inout CommandSession
    ) throws(CommandError) -> LoadedFile {
        var input = try InputFile.open(path)
        if let known = try known(input, &session) { return known }
        var stream = try EventStream.open(&input, mapping)
        let hasIDs = stream.columns.eventID != .nowhere
        let id = try session.perform { (connection) throws(PostgresError) in
            try Self.begin(hasIDs: hasIDs, &connection)
        }
        try rejects.begin()
        let rejectedBefore = rejects.count
        var encoder = EventEncoder(stream.columns, loadID: id, latest: latest)
        try stream.run(&input, &encoder, &rejects, &progress, &session)
        try rejects.flush()
        let name = input.name
        let (sha256, bytes) = input.finish()
        var file = LoadedFile(path: path, loadID: id, sha256: sha256, bytes: bytes)
        file.lines = stream.lines
        file.rejected = rejects.count - rejectedBefore
        file.rejectsPath = file.rejected > 0 ? rejects.path : nil
        file.period = encoder.period
        return try settle(file, name, days: encoder.days.days, hasIDs: hasIDs, &session)
    }

    /// The load that had exactly these bytes, where the file alone tells.
    private func known(
        _ input: borrowing InputFile, _ session: inout CommandSession
    ) throws(CommandError) -> LoadedFile? {
        guard let size = input.size else { return nil }
        let words = mapping.text
        // Reading it twice is worth it only where the checksum may be a known one.
        let isLikely = try session.perform { (connection) throws(PostgresError) in
            try Loads.hasFile(bytes: size, mapping: words, &connection)
        }
        guard isLikely else { return nil }
        let sha256 = try InputFile.sha256(input.path)
        let path = input.path
        return try session.perform { (connection) throws(PostgresError) in
            try Loads.same(sha256: sha256, mapping: words, path: path, &connection)
        }
    }

    /// Begins the transaction, and in it the COPY.
    ///
    /// Events with ids wait in a table of their own until those that are there already were told apart.
    private static func begin(hasIDs: Bool, _ connection: inout Connection) throws(PostgresError) -> Int {
        try connection.begin()
        let id = try Loads.nextID(&connection)
        if hasIDs {
            try connection.execute("CREATE TEMPORARY TABLE incoming_events (LIKE events) ON COMMIT DROP")
        }
        let table = hasIDs ? "incoming_events" : "events"
        try connection.beginCopy("COPY \(table) (\(EventEncoder.columns)) FROM STDIN (FORMAT binary)")
        return id
    }
}
