import JSON
import Learning

/// What a run of `features` did, for a person and for a script.
struct FeaturesReport {
    let definition: SnapshotDefinition
    /// Days since 1970-01-01, ascending.
    let days: [Int]
    let stepDays: Int?
    let counts: SnapshotRun.Counts
    let overview: SnapshotOverview
    /// Microseconds since 1970.
    let watermark: Int
    let seconds: Double

    var outcome: CommandOutcome {
        CommandOutcome(counts.isNothing ? .unchanged : .done, json: json, text: text).known(upTo: watermark)
    }

    private var warnings: [String] {
        var warnings: [String] = []
        let latest = overview.latest
        // A day of grace: the last event of the evening before is not midnight.
        if watermark < (latest.day - 1) * 86_400_000_000 {
            warnings.append(
                "events are known up to \(CommandText.instant(watermark)) only: who is silent on"
                    + " \(CommandText.date(latest.day)) may have been active")
        }
        if latest.customers == 0 {
            warnings.append(
                "nobody was active in the \(definition.days.activeDays) days before \(CommandText.date(latest.day))")
        }
        return warnings
    }

    private var json: JSONValue {
        let latest = overview.latest
        return [
            "command": "features", "status": .string(counts.isNothing ? "unchanged" : "done"),
            "definition": definition.json,
            "dates": [
                "first": .date(days.first), "last": .date(days.last), "count": .count(days.count),
                "step_days": stepDays.map { .count($0) } ?? .null,
            ],
            "snapshots": [
                "inserted": .count(counts.inserted), "updated": .count(counts.updated),
                "unchanged": .count(counts.unchanged), "deleted": .count(counts.deleted),
            ],
            "labels": [
                "filled": .count(counts.filled), "changed": .count(counts.changed), "pending": .count(overview.pending),
                "last_mature": .date(overview.lastMature),
            ],
            "latest": [
                "as_of": .date(latest.day), "customers": .count(latest.customers),
                "churn_share": .number(latest.churnShare), "missing": ["average_check": .count(latest.missingChecks)],
            ],
            "seconds": .seconds(seconds), "warnings": .array(warnings.map { .string($0) }),
        ]
    }

    private var text: String {
        var lines = warnings.map { "warning: " + $0 }
        let span = days.count == 1 ? "" : " to \(CommandText.date(overview.latest.day)) (\(days.count) dates)"
        lines.append("\(CommandText.date(days[0]))\(span), \(definition.text).")
        lines.append(
            "Snapshots: \(counts.inserted) new, \(counts.updated) changed, \(counts.unchanged) unchanged,"
                + " \(counts.deleted) taken away.")
        lines.append(
            "Labels: \(counts.filled) new, \(counts.changed) changed; \(overview.pending) snapshots wait for the end of"
                + " their horizon.")
        let share = overview.latest.churnShare.map { share in
            let permille = Int((share * 1000).rounded())
            return ", \(permille / 10).\(permille % 10) % of whom left"
        }
        lines.append(
            "On \(CommandText.date(overview.latest.day)): \(overview.latest.customers) customers\(share ?? "").")
        return lines.joined(separator: "\n")
    }
}
