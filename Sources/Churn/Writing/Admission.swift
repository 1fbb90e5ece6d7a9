/// Decides when rows may queue and when they are too many: a queue that stands helps nobody.
///
/// Batches that wait behind the one in flight absorb a burst. But where every batch leaves full, more comes than PostgreSQL
/// stores, and whatever queues only makes everybody wait: the same number is served, later. So after some full batches and
/// some time only the batch that leaves next takes requests, and the others are refused at once; a batch that leaves with
/// room ends that. The idea is CoDel's (Nichols and Jacobson, "Controlling Queue Delay", 2012): what tells a burst from
/// overload is how long the queue stands, not how long it is.
package struct Admission: Sendable {
    /// How long every batch must have left full before the queue counts as one that stands.
    package static let patienceNanoseconds = 100_000_000

    /// And how many batches: where a commit takes long, two of them are no more than a hiccup.
    package static let batchesMin = 4

    /// Since when every batch has left full; nil where the last one had room.
    private var fullSince: Int?

    /// How many batches that are.
    private var fullCount = 0

    package init() {}

    /// A batch has left for PostgreSQL.
    package mutating func batchLeft(isFull: Bool, now: Int) {
        fullSince = isFull ? fullSince ?? now : nil
        fullCount = isFull ? fullCount + 1 : 0
    }

    /// Whether more comes than can be stored.
    package func isOverloaded(now: Int) -> Bool {
        guard let fullSince, fullCount >= Self.batchesMin else { return false }
        return now - fullSince >= Self.patienceNanoseconds
    }
}
