import HTTP
import Linux
import Metrics
import Server
import Synchronization

/// What one worker counts.
///
/// Only that worker's thread writes; whoever scrapes reads.
package final class WorkerMetrics: Sendable {
    private let handles: MetricHandles
    private let shard: MetricsShard
    private let models: ModelSlots
    /// Stored predictions: two for each slot of `ModelSlots`, staying and leaving.
    private let predictions = InlineArray<32, Atomic<Int>> { _ in Atomic(0) }

    init(_ handles: MetricHandles, _ shard: MetricsShard, _ models: ModelSlots) {
        self.handles = handles
        self.shard = shard
        self.models = models
    }

    /// A request has its answer, at this very moment.
    ///
    /// The time of the turn would not do: most answers are made in the turn that read their request, and none would have
    /// taken any time.
    ///
    /// - Parameters:
    ///   - method: nil for one that is not known, or was not read.
    ///   - now: in monotonic nanoseconds; answers that are made together share one reading of the clock.
    func answered(
        _ route: Route, _ method: Method?, _ status: Status, _ ticket: Ticket, now: Int = Clock.monotonicNanoseconds()
    ) {
        let place = method.map { Int($0.rawValue) } ?? Method.allCases.count
        handles.requests[route.rawValue, place, statusIndex(status)].increment(shard)
        handles.requestSeconds[route.rawValue].observe(Double(now - ticket.startedAt) * 1e-9, shard)
    }

    /// The place of a status among the labels: found at once for 200, and soon for the few others.
    private func statusIndex(_ status: Status) -> Int {
        status == .ok ? 0 : MetricHandles.statuses.firstIndex(of: status) ?? 0
    }

    func malformed(_ rule: RequestRule) {
        handles.malformed[RequestRule.allCases.firstIndex(of: rule) ?? 0].increment(shard)
    }

    /// A client was turned away before anything was read from it.
    func turnedAway(_ shortage: Shortage) {
        handles.turnedAway[Shortage.allCases.firstIndex(of: shortage) ?? 0].increment(shard)
    }

    func refused(_ refusal: Refusal) {
        handles.refused[Refusal.allCases.firstIndex(of: refusal) ?? 0].increment(shard)
    }

    /// A request was not let in.
    func kept(out refusal: AccessRefusal) {
        handles.keptOut[AccessRefusal.allCases.firstIndex(of: refusal) ?? 0].increment(shard)
    }

    /// A request with an Idempotency-Key was answered.
    func named(_ result: NamedResult) {
        handles.named[NamedResult.allCases.firstIndex(of: result) ?? 0].increment(shard)
    }

    // MARK: Predictions

    /// A prediction has been stored.
    func predicted(_ row: Batch.Scored) {
        handles.score.observe(row.probability, shard)
        if row.unseen > 0 { handles.unseenLevels.increment(shard, by: Int(row.unseen)) }
        let cell = Int(row.slot) * 2 + (row.churn ? 1 : 0)
        predictions[cell].store(predictions[cell].load(ordering: .relaxed) + 1, ordering: .relaxed)
    }

    /// Where predictions of this model are counted.
    ///
    /// Off the request path.
    func slot(of model: ServingModel) -> Int { models.slot(of: model.version) }

    func predictions(slot: Int, churn: Bool) -> Int {
        predictions[slot * 2 + (churn ? 1 : 0)].load(ordering: .relaxed)
    }

    // MARK: Commits

    func committed(rows: Int, nanoseconds: Int) {
        handles.batchRows.observe(Double(rows), shard)
        handles.commitSeconds.observe(Double(nanoseconds) * 1e-9, shard)
    }

    func refusedBatch() { handles.refusedBatches.increment(shard) }
    func renumberedBatch() { handles.renumberedBatches.increment(shard) }
    func unknownBatch() { handles.unknownBatches.increment(shard) }

    func waiting(rows: Int, reads: Int, connections: Int) {
        handles.waitingRows.set(Double(rows), shard)
        handles.waitingReads.set(Double(reads), shard)
        handles.connections.set(Double(connections), shard)
    }
}
