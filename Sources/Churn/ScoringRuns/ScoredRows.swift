import Bytes
import Glibc
import Learning
import Postgres

/// The rows of one page of a run, on their way into the table.
struct ScoredRows: ~Copyable {
    private var scorer: SnapshotScorer
    private let day: Int
    private let cut: CapacityCut?
    private var values: FeatureValues
    private var ids: PredictionIDGenerator
    private var origin = Origin()
    private(set) var columns = PredictionColumns()
    /// The greatest id of the page.
    private(set) var last = PredictionID(bits: 0)
    private(set) var progress = ScoringRun.Progress()

    init(_ model: ServingModel, day: Int, cut: CapacityCut?) {
        scorer = SnapshotScorer(model)
        self.day = day
        self.cut = cut
        values = FeatureValues(featureCount: model.featureCount)
        var random = SystemRandomNumberGenerator()
        ids = PredictionIDGenerator(seed: random.next())
        origin.source = .score
    }

    /// Scores a page of snapshots; false when the features do not fit the model.
    mutating func fill(_ page: borrowing QueryResult) -> Bool {
        columns.removeAll()
        progress = ScoringRun.Progress()
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let now = time.tv_sec * 1_000_000 + time.tv_nsec / 1000
        for row in 0..<page.rowCount {
            guard scorer.score(features: page.bytes(row, 1), of: page.bytes(row, 0)) != nil else { return false }
            append(now)
        }
        progress.lastCustomer = page.text(page.rowCount - 1, 0)
        return true
    }

    private mutating func append(_ now: Int) {
        last = ids.next(at: now)
        let context = AnswerContext(id: last, createdAt: last.microseconds, asOf: day)
        values.set(scorer.instance, scorer.model)
        let (decision, loss) = (decision, scorer.expectedLoss)
        columns.append(scorer.instance, scorer.model, decision, context, origin, features: values.json)
        progress.add(
            scorer.instance.row.probability, decision.risk, loss: scorer.model.knowsSpending ? loss : nil)
    }

    /// What the run says of the customer scored last.
    private var decision: RowDecision {
        guard let cut else { return scorer.model.decision(scorer.instance) }
        return RowDecision(
            probability: scorer.instance.row.probability,
            isFlagged: cut.flags(scorer.expectedLoss, scorer.instance.customer.span), cut: cut.loss,
            spending: scorer.model.spending(scorer.instance))
    }
}
