import Linux
import Logging
import Postgres

/// Dead writers: finding them, publishing what they left, closing them; and the marks of all.
///
/// Whoever obtains the lock of a writer knows that its backend is gone, so that nothing of it can commit any more except
/// by a resend, which counts itself in `resent`. The lock is let go at once: the process that has rows of unknown
/// outcome needs it, also while Kafka is away. A lock of another class keeps two processes from doing the same.
extension Publisher {
    private static let searchNanoseconds = 1_000_000_000
    private static let storeNanoseconds = 200_000_000
    private static let pruneNanoseconds = 3_600_000_000_000
    /// Rows that are counted of what dead writers left; more are many.
    private static let countMax = 1_000_000

    // MARK: Finding

    /// Looks for open writers whose process is gone, and takes them over.
    mutating func searchForDeadWriters(_ now: Int) throws(PostgresError) {
        guard now >= nextSearch else { return }
        nextSearch = now + Self.searchNanoseconds
        let open = try connection!.execute("SELECT id FROM writers WHERE closed_at IS NULL ORDER BY id LIMIT 1000")
        var ids: [Int32] = []
        for row in 0..<open.rowCount { ids.append(Int32(truncatingIfNeeded: open.integer(row, 0) ?? 0)) }
        forgetClosed(open: ids, isAll: open.rowCount < 1000)
        var taken: [Int32] = []
        for id in ids where !(tracks[id]?.isHeld ?? false) {
            if try takeOver(id) { taken.append(id) }
        }
        if !taken.isEmpty { try count(taken) }
    }

    /// A lost writer that somebody else has closed is done.
    private mutating func forgetClosed(open: [Int32], isAll: Bool) {
        guard isAll else { return }
        let open = Set(open)
        for (writer, track) in tracks where track.source == .lost && !open.contains(writer) { tracks[writer] = nil }
    }

    /// - Returns: whether the writer is dead, and this process is the one to publish what it left.
    private mutating func takeOver(_ writer: Int32) throws(PostgresError) -> Bool {
        guard try connection!.tryLock(.drain, writer) else { return false }
        guard try connection!.tryLock(.writer, writer) else {
            try connection!.unlock(.drain, writer)
            return false
        }
        try connection!.unlock(.writer, writer)
        let row = try connection!.execute(
            "SELECT acknowledged, resent FROM writers WHERE id = $1 AND closed_at IS NULL", .integer(Int(writer)))
        guard row.rowCount == 1, let resent = row.integer(0, 1) else {
            try connection!.unlock(.drain, writer)
            return false
        }
        let mark = PredictionID(bits: row.uuid(0, 0) ?? 0)
        if tracks[writer] == nil { tracks[writer] = WriterTrack(writer, .table(resent: resent), mark: mark) }
        tracks[writer]!.source = .table(resent: resent)
        tracks[writer]!.adopt(mark: mark)
        tracks[writer]!.readAgain()
        tracks[writer]!.pendingRows = 0
        log.info("publishing what a dead writer left", metadata: ["writer": "\(writer)"])
        return true
    }

    /// How much dead writers left, for the metrics.
    private mutating func count(_ writers: [Int32]) throws(PostgresError) {
        let first = writers.map { tracks[$0]!.mark }.min() ?? PredictionID(bits: 0)
        let list = "{" + writers.map { "\($0)" }.joined(separator: ",") + "}"
        let counts = try connection!.execute(
            """
            SELECT writer, count(*) FROM (SELECT writer FROM predictions WHERE id > $1 AND writer = ANY ($2::int4[]) \
            ORDER BY id LIMIT \(Self.countMax)) AS left_over GROUP BY writer
            """, .uuid(first.bits), .text(list))
        for row in 0..<counts.rowCount {
            tracks[Int32(truncatingIfNeeded: counts.integer(row, 0) ?? 0)]?.pendingRows = counts.integer(row, 1) ?? 0
        }
    }

    // MARK: Marks

    /// Stores the marks of dead writers as they advance, and closes those that are done.
    ///
    /// The marks of living ones ride along with their batches.
    mutating func storeMarks(_ now: Int) throws(PostgresError) {
        guard now >= nextStore else { return }
        nextStore = now + Self.storeNanoseconds
        for (writer, track) in tracks {
            guard case .table(let resent) = track.source else { continue }
            if track.isQuiet, !track.isBehind {
                try close(track, resent)
            } else if track.mark > track.storedMark {
                try store(track)
                tracks[writer]!.storedMark = track.mark
            }
        }
    }

    private mutating func store(_ track: WriterTrack) throws(PostgresError) {
        try connection!.execute(
            "UPDATE writers SET acknowledged = $2 WHERE id = $1 AND coalesce(acknowledged < $2, true)",
            .integer(Int(track.writer)), .uuid(track.mark.bits))
    }

    /// Closes a writer of which nothing is left, unless rows of it were sent again meanwhile.
    private mutating func close(_ track: WriterTrack, _ resent: Int) throws(PostgresError) {
        try connection!.execute(
            """
            UPDATE writers SET closed_at = now(), acknowledged = greatest(acknowledged, $2) WHERE id = $1 AND resent = $3
            """, .integer(Int(track.writer)), .uuid(track.mark.bits), .integer(resent))
        try connection!.unlock(.drain, track.writer)
        tracks[track.writer] = nil
        // One that was not closed is found again, with the rows that came meanwhile.
    }

    /// Closed writers are kept for a week, for those who look back.
    mutating func prune(_ now: Int) throws(PostgresError) {
        guard now >= nextPrune else { return }
        nextPrune = now + Self.pruneNanoseconds
        // One that has not stored anything yet counts as closed; its lock tells that it lives.
        try connection!.execute(
            """
            WITH old AS MATERIALIZED (SELECT id FROM writers WHERE closed_at < now() - interval '7 days') \
            DELETE FROM writers USING old WHERE writers.id = old.id AND pg_try_advisory_xact_lock($1, old.id)
            """, .integer(Int(AdvisoryLockClass.writer.rawValue)))
    }

    // MARK: The end

    /// Stores the marks of this process's own writers, whose connections are gone by now, and closes what is done.
    mutating func finish() {
        guard isConnected else { return }
        do throws(PostgresError) {
            for track in tracks.values.sorted(by: { $0.writer < $1.writer }) { try finish(track) }
        } catch {
            log.warning("the marks could not be stored: some events will come again", metadata: error.metadata)
        }
    }

    private mutating func finish(_ track: WriterTrack) throws(PostgresError) {
        if track.isTable { return try store(track) }
        guard try isGone(track.writer) else { return }
        try store(track)
        guard track.isQuiet, !track.isBehind, track.source != .lost else { return }
        // What a worker did not get to hand over is left to whoever comes next.
        try connection!.execute(
            """
            UPDATE writers SET closed_at = now() WHERE id = $1 AND resent = 0 \
            AND NOT EXISTS (SELECT FROM predictions WHERE id > $2 AND writer = $1)
            """, .integer(Int(track.writer)), .uuid(track.enqueued.bits))
    }

    /// Whether the backend of a writer has ended, for which it is given a second.
    private mutating func isGone(_ writer: Int32) throws(PostgresError) -> Bool {
        for _ in 0..<100 {
            if try connection!.tryLock(.writer, writer) { return true }
            Thread.sleep(milliseconds: 10)
        }
        return false
    }
}

extension WriterTrack {
    /// Whether its rows are read from the table, its writer being dead.
    var isTable: Bool { if case .table = source { true } else { false } }

    /// Whether it needs nobody to take it over: a worker of this process feeds it, or this process has done so already.
    var isHeld: Bool { source != .lost }
}
