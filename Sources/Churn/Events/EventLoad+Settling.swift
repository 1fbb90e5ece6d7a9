import Postgres

/// The end of a load: now that the whole file is known, it is kept or not.
extension EventLoad {
    /// Decides, and commits or rolls back.
    func settle(
        _ read: LoadedFile, _ name: String, days: [Int], hasIDs: Bool, _ session: inout CommandSession
    ) throws(CommandError) -> LoadedFile {
        guard limit.allows(read.rejected, of: read.lines) else {
            try session.perform { (connection) throws(PostgresError) in
                try connection.abandonCopy()
                try connection.rollback()
            }
            throw tooManyRejects(read)
        }
        let words = mapping.text
        let known = try session.perform { (connection) throws(PostgresError) in
            let copied = try connection.finishCopy()
            let known = try Loads.same(sha256: read.sha256, mapping: words, path: read.path, &connection)
            return (copied: copied, load: known)
        }
        if let load = known.load {
            try session.perform { (connection) throws(PostgresError) in try connection.rollback() }
            return load
        }
        var file = read
        file.inserted = known.copied
        let repeated = try session.perform { (connection) throws(PostgresError) in
            try Loads.overlapping(read, name: name, &connection)
        }
        // Events with ids cannot be there twice, so such a file may overlap another one.
        if let first = repeated.first, !replaces, !hasIDs { throw repeats(first, read) }
        let replaced = replaces ? repeated : []
        if !replaced.isEmpty { file.status = .replaced }
        try session.perform { (connection) throws(PostgresError) in
            for load in replaced { try Loads.remove(load, &connection) }
            if hasIDs { try Self.insertNew(&file, &connection) }
            try EventDays.touch(days, &connection)
            try Loads.insert(file, name: name, mapping: words, completeTo: completeTo, &connection)
            try connection.commit()
        }
        return file
    }

    /// Moves the events over whose ids are new.
    private static func insertNew(_ file: inout LoadedFile, _ connection: inout Connection) throws(PostgresError) {
        let inserted = try connection.execute(
            """
            INSERT INTO events (\(EventEncoder.columns)) SELECT \(EventEncoder.columns) FROM incoming_events
            ON CONFLICT (event_id) WHERE event_id IS NOT NULL DO NOTHING
            """
        ).affectedRows
        file.duplicates = file.inserted - inserted
        file.inserted = inserted
    }

    private func tooManyRejects(_ file: LoadedFile) -> CommandError {
        let all = file.rejected == file.lines ? "all" : "\(file.rejected) of"
        return CommandError(
            .data,
            "\(file.path): \(all) \(file.lines) lines are no events, and --max-rejects allows \(limit.text): nothing was"
                + " loaded; the reasons are in \(file.rejectsPath ?? "")",
            code: "too_many_rejects", place: CommandError.Place(file: file.path))
    }

    private func repeats(_ load: Loads.Entry, _ file: LoadedFile) -> CommandError {
        let text: String
        if load.sha256 == file.sha256 {
            text = "load \(load.id) read the same bytes with another --mapping"
        } else {
            let period = load.period.map {
                ", \(CommandText.instant($0.lowerBound)) to \(CommandText.instant($0.upperBound))"
            }
            text = "load \(load.id) of a file of this name holds an overlapping period\(period ?? "")"
        }
        return CommandError(
            .data, "\(file.path): \(text): give --replace to put this file in its place", code: "overlapping_load",
            place: CommandError.Place(file: file.path))
    }
}
