import Bytes
import Glibc
import Learning
import Linux

/// Where scores go: a file beside the one that was asked for, which takes its place when all is well.
struct ScoreSink: ~Copyable {
    private let path: String
    private let temporary: String
    private var file: FileDescriptor
    private var rejects: RejectsFile
    private let inputName: String
    private let schema: FeatureSchema
    private var progress: Progress
    private(set) var counts = ScoreCounts()
    /// What went wrong first; from then on nothing is written.
    private(set) var failure: CommandError?

    static func open(
        _ request: ScoreTableRequest, _ layout: ScoreLayout, _ schema: FeatureSchema
    ) throws(CommandError) -> ScoreSink {
        let temporary = "\(request.output).\(getpid()).new"
        let file: FileDescriptor
        do throws(SystemError) { file = try File.open(temporary, .replace) } catch {
            throw CommandError(
                .inputOutput, "\(request.output): \(error.reason)", place: CommandError.Place(file: request.output))
        }
        var sink = ScoreSink(request, temporary, file, schema)
        try sink.rejects.begin()
        var header = ByteBuffer(capacity: 64)
        Self.append(field: layout.idName, to: &header)
        header.append(",probability,churn\n")
        sink.write(header)
        return sink
    }

    private init(
        _ request: ScoreTableRequest, _ temporary: String, _ file: consuming FileDescriptor, _ schema: FeatureSchema
    ) {
        path = request.output
        self.temporary = temporary
        self.file = file
        rejects = RejectsFile(request.rejectsPath)
        inputName = request.input
        progress = Progress("score", isQuiet: request.isQuiet)
        self.schema = schema
    }

    /// Writes what came of the next piece.
    mutating func take(_ scored: borrowing ScoredPiece) {
        if failure != nil { return }
        write(scored.lines)
        counts.add(scored.counts)
        progress.update(counts.scored + counts.rejected, unit: "rows")
        do throws(CommandError) {
            for reject in scored.rejects {
                try rejects.add(
                    inputName, line: reject.line, reject.reason.text(schema),
                    scored.piece.bytes.span.extracting(reject.record))
            }
        } catch { fail(error) }
    }

    /// In quotes where a name has a comma, a quote or a line end (RFC 4180 §2.6).
    private static func append(field name: String, to line: inout ByteBuffer) {
        let isPlain = !name.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        if isPlain { return line.append(text: name) }
        line.append(byte: 0x22)
        for byte in name.utf8 {
            if byte == 0x22 { line.append(byte: byte) }
            line.append(byte: byte)
        }
        line.append(byte: 0x22)
    }

    private mutating func write(_ bytes: borrowing ByteBuffer) {
        do throws(SystemError) { try file.write(bytes.span) } catch {
            fail(CommandError(.inputOutput, "\(path): \(error.reason)", place: CommandError.Place(file: path)))
        }
    }

    mutating func fail(_ error: CommandError) { if failure == nil { failure = error } }

    /// Puts the file in its place, unless too much went wrong.
    ///
    /// - Returns: the path of the file of rejects, if there are any.
    mutating func finish(_ limit: RejectLimit) throws(CommandError) -> String? {
        progress.finish()
        if failure == nil { do throws(CommandError) { try rejects.flush() } catch { fail(error) } }
        if failure == nil, !limit.allows(counts.rejected, of: counts.scored + counts.rejected) {
            fail(
                CommandError(
                    .data,
                    "\(inputName): \(counts.rejected) of \(counts.scored + counts.rejected) lines could not be scored, "
                        + "more than the limit of \(limit.text); see \(rejects.path)", code: "too_many_rejects",
                    place: CommandError.Place(file: inputName)))
        }
        if let failure {
            try? File.remove(temporary)
            throw failure
        }
        do throws(SystemError) { try File.rename(temporary, to: path) } catch {
            throw CommandError(.inputOutput, "\(path): \(error.reason)", place: CommandError.Place(file: path))
        }
        return counts.rejected > 0 ? rejects.path : nil
    }
}
