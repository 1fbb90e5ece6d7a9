import JSON

/// What a run of `load` did, for a person and for a script.
struct LoadReport {
    var files: [LoadedFile] = []
    /// Whether the completeness of an earlier load was noted.
    var hasMoved = false
    /// Microseconds since 1970.
    var watermark: Int?
    var seconds = 0.0

    private var isUnchanged: Bool { !hasMoved && files.allSatisfy { $0.status == .unchanged } }

    private var warnings: [String] {
        files.compactMap { file in
            file.rejectsPath.map { "\(file.rejected) of \(file.lines) lines of \(file.path) were rejected: see \($0)" }
        }
    }

    var outcome: CommandOutcome {
        CommandOutcome(isUnchanged ? .unchanged : .done, json: json, text: text).known(upTo: watermark)
    }

    private func sum(_ count: (LoadedFile) -> Int) -> Int { files.reduce(0) { $0 + count($1) } }

    private var json: JSONValue {
        [
            "command": "load", "status": .string(isUnchanged ? "unchanged" : "done"),
            "files": .array(files.map(\.json)), "inserted": .count(sum(\.inserted)),
            "duplicates": .count(sum(\.duplicates)), "rejected": .count(sum(\.rejected)),
            "seconds": .seconds(seconds),
            "warnings": .array(warnings.map { .string($0) }),
        ]
    }

    private var text: String {
        var lines = warnings.map { "warning: " + $0 }
        for file in files {
            guard file.status != .unchanged else {
                lines.append("\(file.path): loaded before, as load \(file.loadID); nothing was changed.")
                continue
            }
            var line = "\(file.path): \(file.inserted) events, load \(file.loadID)"
            if file.status == .replaced { line += ", in the place of an earlier one" }
            if file.duplicates > 0 { line += ", \(file.duplicates) were there before" }
            if let period = file.period {
                line += ", \(CommandText.instant(period.lowerBound)) to \(CommandText.instant(period.upperBound))"
            }
            lines.append(line + ".")
        }
        return lines.joined(separator: "\n")
    }
}

extension LoadedFile {
    fileprivate var json: JSONValue {
        [
            "file": .string(path), "load_id": .count(loadID), "sha256": .string(sha256),
            "status": .string(status.rawValue), "lines": .count(lines), "inserted": .count(inserted),
            "duplicates": .count(duplicates), "rejected": .count(rejected),
            "rejects_file": rejectsPath.map { .string($0) } ?? .null,
            "first_event": .instant(period?.lowerBound), "last_event": .instant(period?.upperBound),
        ]
    }
}
