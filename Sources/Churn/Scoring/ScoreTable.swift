package import Learning
import Linux
import Synchronization

/// `churn score --csv`: a table in, a table of scores out, on all cores and in constant memory.
package enum ScoreTable {
    /// Scores with a model file, by default the one in `Models/`.
    package static func run(_ request: ScoreTableRequest, model path: String?) throws(CommandError) -> CommandOutcome {
        guard let path = path ?? ModelFiles.shipped() else {
            throw CommandError(.usage, "there is no model in Models/: name one with --model")
        }
        return try run(request, try ModelFiles.read(path))
    }

    /// Scores every record; those that cannot be scored are set aside with their reason.
    package static func run(_ request: ScoreTableRequest, _ file: ModelFile) throws(CommandError) -> CommandOutcome {
        let started = Clock.monotonicNanoseconds()
        let model = file.model
        guard let id = request.id ?? file.contents.data.id else {
            throw CommandError(.usage, "the model does not say which column holds the id: name it with --id")
        }
        let source = try ScoreSource.open(request.input, model, id: id)
        let layout = source.layout
        let sink = try ScoreSink.open(request, layout, model.schema)
        let line = ScoreLine(source: source, sink: sink)
        LoopRunner.threads(request.threads).run(count: request.threads) { _ in line.work(model, layout) }
        let (counts, rejectsPath) = try line.finish(request.limit)
        let report = ScoreTableReport(
            version: file.version, request: request, counts: counts, rejectsPath: rejectsPath,
            seconds: Double(Clock.monotonicNanoseconds() - started) * 1e-9)
        return report.outcome
    }
}

/// What the threads of a scoring run share: they take pieces as they come and lay them down in order.
private final class ScoreLine: Sendable {
    private let source: Mutex<ScoreSource>
    private let sink: Mutex<ScoreSink>
    private let turnstile = Turnstile()

    init(source: consuming sending ScoreSource, sink: consuming sending ScoreSink) {
        self.source = Mutex(source)
        self.sink = Mutex(sink)
    }

    /// Scores pieces until there are no more.
    func work(_ model: LogisticModel, _ layout: ScoreLayout) {
        var scorer = RowScorer(model, layout)
        while let piece = next() {
            let scored = scorer.score(piece)
            // Waiting for the pieces before it bounds what is held: a piece a thread.
            let hasFailed = turnstile.pass(scored.piece.number) {
                sink.withLock { sink in
                    sink.take(scored)
                    return sink.failure != nil
                }
            }
            if hasFailed { source.withLock { $0.stop() } }
        }
    }

    private func next() -> ScorePiece? {
        do throws(CommandError) {
            return try source.withLock { (source) throws(CommandError) in try source.next() }
        } catch {
            sink.withLock { $0.fail(error) }
            source.withLock { $0.stop() }
            return nil
        }
    }

    func finish(_ limit: RejectLimit) throws(CommandError) -> (ScoreCounts, rejectsPath: String?) {
        try sink.withLock { (sink) throws(CommandError) in
            let path = try sink.finish(limit)
            return (sink.counts, path)
        }
    }
}
