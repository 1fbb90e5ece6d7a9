import Postgres

/// Brings the snapshots of one definition up to date, each date in a transaction of its own.
struct SnapshotRun: Sendable {
    let definition: SnapshotDefinition
    /// Microseconds since 1970.
    let watermark: Int

    /// What happened to the snapshots of dates that were asked for.
    struct Counts: Equatable, Sendable {
        var inserted = 0
        var updated = 0
        var unchanged = 0
        var deleted = 0
        var filled = 0
        var changed = 0

        var isNothing: Bool { inserted + updated + deleted + filled + changed == 0 }

        mutating func add(_ other: Counts) {
            inserted += other.inserted
            updated += other.updated
            unchanged += other.unchanged
            deleted += other.deleted
            filled += other.filled
            changed += other.changed
        }
    }

    /// Computes dates, but for those of which nothing that they look at has changed since.
    ///
    /// - Parameter progress: is told how many dates of how many are done.
    /// - Returns: false where there are more services than can be; nothing was done then.
    func compute(
        _ days: [Int], _ counts: inout Counts, _ connection: inout Connection, progress: (Int, Int) -> Void
    ) throws(PostgresError) -> Bool {
        // One instant for all: the activity of a date and the revisions that are remembered for it belong together.
        let (dates, isMade) = try Self.atOneInstant(&connection) { connection throws(PostgresError) in
            var dates: [SnapshotDate] = []
            for day in days { dates.append(try SnapshotDate.read(day, definition, &connection)) }
            return (dates, try activity(dates)?.make(&connection) ?? true)
        }
        guard isMade else { return false }
        guard let activity = activity(dates) else {
            for date in dates { counts.unchanged += date.customers ?? 0 }
            return true
        }
        for (done, date) in dates.enumerated() {
            progress(done, dates.count)
            guard date.areFeaturesWrong else {
                counts.unchanged += date.customers ?? 0
                continue
            }
            var found = counts
            try connection.transaction { connection throws(PostgresError) in
                try compute(date, activity, &found, &connection)
            }
            counts = found
        }
        return true
    }

    /// What the dates that have to be computed look at; nil where there are none.
    private func activity(_ dates: [SnapshotDate]) -> SnapshotActivity? {
        let wrong = dates.filter(\.areFeaturesWrong)
        if wrong.isEmpty { return nil }
        return SnapshotActivity(
            wrong.map { ($0.day, SnapshotDate.isMature($0.day, definition, watermark: watermark)) }, definition)
    }

    private func compute(
        _ date: SnapshotDate, _ activity: SnapshotActivity, _ counts: inout Counts, _ connection: inout Connection
    ) throws(PostgresError) {
        let isMature = SnapshotDate.isMature(date.day, definition, watermark: watermark)
        let statement = SnapshotStatement(definition: definition, day: date.day, isMature: isMature)
        if date.customers != nil { return try recompute(date, statement, activity, &counts, &connection) }
        let inserted = try connection.execute(statement.insertAll(activity)).affectedRows
        counts.inserted += inserted
        if isMature { counts.filled += inserted }
        try date.remember(customers: inserted, isLabelled: isMature, definition, &connection)
    }

    /// Computes a date again: late events may have changed features, and who was a customer.
    private func recompute(
        _ date: SnapshotDate, _ statement: SnapshotStatement, _ activity: SnapshotActivity, _ counts: inout Counts,
        _ connection: inout Connection
    ) throws(PostgresError) {
        try connection.execute(statement.makeComputed(activity))
        try connection.execute("ANALYZE computed")
        let deleted = try connection.execute(statement.deleteGone).affectedRows
        let updated = try connection.execute(statement.updateFeatures).affectedRows
        let inserted = try connection.execute(statement.insertMissing).affectedRows
        let customers = (date.customers ?? 0) - deleted + inserted
        counts.deleted += deleted
        counts.updated += updated
        counts.inserted += inserted
        counts.unchanged += customers - inserted - updated
        if statement.isMature { counts.filled += inserted }
        try date.remember(customers: customers, isLabelled: false, definition, &connection)
    }

    /// Labels all dates whose horizon has passed since, or got late events, and takes back labels that are in doubt.
    ///
    /// - Parameter progress: is told how many dates of how many are done.
    func label(
        _ counts: inout Counts, _ connection: inout Connection, progress: (Int, Int) -> Void
    ) throws(PostgresError) {
        let dates = try SnapshotDate.all(definition, &connection).filter(isLabelWrong)
        for (done, date) in dates.enumerated() {
            progress(done, dates.count)
            let before = counts
            counts = try Self.atOneInstant(&connection) { (connection) throws(PostgresError) in
                var counts = before
                let date = try SnapshotDate.read(date.day, definition, &connection)
                try label(date, &counts, &connection)
                return counts
            }
        }
    }

    private func isLabelWrong(_ date: SnapshotDate) -> Bool {
        SnapshotDate.isMature(date.day, definition, watermark: watermark)
            ? date.labelsRevision != date.labelsRevisionNow : date.labelsRevision != nil
    }

    private func label(
        _ date: SnapshotDate, _ counts: inout Counts, _ connection: inout Connection
    ) throws(PostgresError) {
        let isMature = SnapshotDate.isMature(date.day, definition, watermark: watermark)
        let statement = SnapshotStatement(definition: definition, day: date.day, isMature: isMature)
        if isMature {
            let labelled = try connection.execute(statement.label)
            counts.filled += labelled.integer(0, 0) ?? 0
            counts.changed += labelled.integer(0, 1) ?? 0
        } else {
            counts.changed += try connection.execute(statement.forgetLabels).affectedRows
        }
        try date.rememberLabels(revision: isMature ? date.labelsRevisionNow : nil, definition, &connection)
    }

    /// Runs `body` in a transaction that sees the events and their revisions as they were at one instant.
    private static func atOneInstant<Result>(
        _ connection: inout Connection, _ body: (inout Connection) throws(PostgresError) -> Result
    ) throws(PostgresError) -> Result {
        try connection.transaction { (connection) throws(PostgresError) in
            try connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            return try body(&connection)
        }
    }
}
