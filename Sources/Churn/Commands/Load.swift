import JSON
import Linux
import Postgres

/// What `churn load` was told.
package struct LoadRequest: Sendable {
    let files: [String]
    let mapping: EventMapping
    let replaces: Bool
    let limit: RejectLimit
    let rejectsPath: String?
    /// Microseconds since 1970.
    let completeTo: Int?

    package init(
        files: [String], mapping: [String], replace: Bool, maxRejects: String, rejects: String?, completeTo: String?
    ) throws(CommandError) {
        if files.count(where: { $0 == "-" }) > 1 { throw CommandError(.usage, "- can be given once only") }
        self.files = files
        self.mapping = try EventMapping(mapping.joined(separator: ","))
        replaces = replace
        limit = try RejectLimit(maxRejects, option: "--max-rejects")
        rejectsPath = rejects
        if let completeTo {
            self.completeTo = try CommandText.day(completeTo, option: "--complete-to") * 86_400_000_000
        } else {
            self.completeTo = nil
        }
    }
}

/// `churn load`: what customers did, from CSV files into `events`.
package enum Load {
    private static let dayMicroseconds = 86_400_000_000

    package static func run(_ request: LoadRequest, _ options: CommandOptions) throws(CommandError) -> CommandOutcome {
        let started = Clock.monotonicNanoseconds()
        let latest = Clock.wallMicroseconds() + dayMicroseconds
        if let instant = request.completeTo, instant > latest {
            throw CommandError(.usage, "--complete-to must not be later than tomorrow: nobody knows what will happen")
        }
        var session = try CommandSession(options, command: "load")
        let load = EventLoad(
            mapping: request.mapping, replaces: request.replaces, limit: request.limit, completeTo: request.completeTo,
            latest: latest)
        var report = LoadReport()
        var rejects = RejectsFile(request.rejectsPath ?? "")
        for path in request.files {
            if request.rejectsPath == nil { rejects = RejectsFile(path == "-" ? "stdin.rejects" : "\(path).rejects") }
            var progress = Progress("load \(path)", isQuiet: options.isQuiet)
            do throws(CommandError) {
                report.files.append(try load.run(path, &rejects, &progress, &session))
            } catch {
                throw error.after(report.files.count)
            }
            progress.finish()
        }
        try finish(request.completeTo, &report, &session)
        report.seconds = Double(Clock.monotonicNanoseconds() - started) * 1e-9
        return report.outcome
    }

    /// Notes what the person says of files that were loaded before, and reads the watermark.
    private static func finish(
        _ completeTo: Int?, _ report: inout LoadReport, _ session: inout CommandSession
    ) throws(CommandError) {
        let known = report.files.filter { $0.status == .unchanged }.map(\.loadID)
        (report.hasMoved, report.watermark) = try session.perform { (connection) throws(PostgresError) in
            var hasMoved = false
            for id in known {
                guard let completeTo else { break }
                if try Loads.complete(id, to: completeTo, &connection) { hasMoved = true }
            }
            return (hasMoved, try Watermark.read(&connection))
        }
    }
}

extension CommandError {
    /// The same error, saying how many files were loaded before it: they stay.
    fileprivate func after(_ count: Int) -> CommandError {
        if count == 0 { return self }
        let note = count == 1 ? "the file before it was loaded" : "the \(count) files before it were loaded"
        return CommandError(kind, "\(description) (\(note))", code: code, place: place)
    }
}
