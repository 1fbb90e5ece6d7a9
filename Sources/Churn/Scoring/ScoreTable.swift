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
        var rule = ScoreRule.threshold
        if let capacity = model.threshold.capacity {
            let ranking = try rank(request, model, id: id, capacity)
            if let cut = ranking.cut { rule = .cut(cut) }
        }
        let source = try ScoreSource.open(request.input, model, id: id)
        let layout = source.layout
        let sink = try ScoreSink.open(request, layout, model.schema)
        let line = ScoreLine(source: source, sink: sink)
        LoopRunner.threads(request.threads).run(count: request.threads) { [rule] _ in line.work(model, layout, rule) }
        let (counts, rejectsPath) = try line.finish(request.limit)
        let report = ScoreTableReport(
            version: file.version, request: request, counts: counts, rejectsPath: rejectsPath,
            seconds: Double(Clock.monotonicNanoseconds() - started) * 1e-9)
        return report.outcome
    }

    /// Looks at the whole table once to find out of whom the greatest losses are expected.
    private static func rank(
        _ request: ScoreTableRequest, _ model: LogisticModel, id: String, _ capacity: Int
    ) throws(CommandError) -> LossRanking {
        if request.input == "-" {
            throw CommandError(
                .usage,
                "who is among the \(capacity) highest is known at the end of the table, which is then read again:"
                    + " give a file in place of standard input", code: "read_twice")
        }
        let source = try ScoreSource.open(request.input, model, id: id)
        let layout = source.layout
        let line = RankingLine(source: source, capacity)
        LoopRunner.threads(request.threads).run(count: request.threads) { _ in line.work(model, layout) }
        return try line.finish()
    }
}

/// What the threads share that look for the greatest losses.
private final class RankingLine: Sendable {
    private let source: Mutex<ScoreSource>
    private let capacity: Int
    private let found: Mutex<(ranking: LossRanking, failure: CommandError?)>

    init(source: consuming sending ScoreSource, _ capacity: Int) {
        self.source = Mutex(source)
        self.capacity = capacity
        found = Mutex((LossRanking(capacity: capacity), nil))
    }

    func work(_ model: LogisticModel, _ layout: ScoreLayout) {
        var scorer = RowScorer(model, layout, .ranking(capacity: capacity))
        while let piece = next() { _ = scorer.score(piece) }
        if let mine = scorer.ranking { found.withLock { $0.ranking.add(mine) } }
    }

    private func next() -> ScorePiece? {
        do throws(CommandError) {
            return try source.withLock { (source) throws(CommandError) in try source.next() }
        } catch {
            found.withLock { $0.failure = error }
            source.withLock { $0.stop() }
            return nil
        }
    }

    func finish() throws(CommandError) -> LossRanking {
        let (ranking, failure) = found.withLock { $0 }
        if let failure { throw failure }
        return ranking
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
    func work(_ model: LogisticModel, _ layout: ScoreLayout, _ rule: ScoreRule) {
        var scorer = RowScorer(model, layout, rule)
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
