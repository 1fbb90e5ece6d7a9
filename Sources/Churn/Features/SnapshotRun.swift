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
    }

    /// Computes a date, unless nothing that it looks at has changed since.
    func compute(_ day: Int, _ counts: inout Counts, _ connection: inout Connection) throws(PostgresError) {
        let isMature = SnapshotDate.isMature(day, definition, watermark: watermark)
        let statement = SnapshotStatement(definition: definition, day: day, isMature: isMature)
        let before = counts
        counts = try Self.atOneInstant(&connection) { (connection) throws(PostgresError) in
            var counts = before
            let date = try SnapshotDate.read(day, definition, &connection)
            if let customers = date.customers, date.featuresRevision == date.featuresRevisionNow {
                counts.unchanged += customers
            } else if date.customers == nil {
                let inserted = try connection.execute(statement.insertAll).affectedRows
                counts.inserted += inserted
                if isMature { counts.filled += inserted }
                try date.remember(customers: inserted, isLabelled: isMature, definition, &connection)
            } else {
                try recompute(date, statement, &counts, &connection)
            }
            return counts
        }
    }

    /// Computes a date again: late events may have changed features, and who was a customer.
    private func recompute(
        _ date: SnapshotDate, _ statement: SnapshotStatement, _ counts: inout Counts, _ connection: inout Connection
    ) throws(PostgresError) {
        try connection.execute(statement.makeComputed)
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
    private static func atOneInstant(
        _ connection: inout Connection, _ body: (inout Connection) throws(PostgresError) -> Counts
    ) throws(PostgresError) -> Counts {
        try connection.transaction { (connection) throws(PostgresError) in
            try connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            return try body(&connection)
        }
    }
}
