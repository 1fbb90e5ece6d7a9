import Postgres

/// What a worker has to write into the row of its writer: that there is something to publish, and the mark.
///
/// It rides along with a batch, in the same transaction.
struct MarkKeeping {
    /// The name under which a writer's connection prepares the update.
    static let name: StaticString = "mark_writer"
    /// Opens the writer for publishing, and moves its mark, never back.
    static let text = """
        UPDATE writers SET acknowledged = $2, closed_at = NULL \
        WHERE id = $1 AND coalesce(acknowledged <= $2, true)
        """
    /// The least time from one update to the next.
    ///
    /// In every batch it would cost more than the batch: the old versions of the row pile up.
    static let intervalNanoseconds = 200_000_000

    /// The mark in the table; nil before the first batch of the writer.
    private var stored: PredictionID?
    private var storedAt = 0
    private var underWay: PredictionID?

    /// The mark that goes with a batch; nil when none has to.
    ///
    /// The first batch of a writer brings the id before its first row. Until then the writer has no rows and counts as
    /// closed, so that nobody looks for what is not there.
    mutating func next(_ first: PredictionID?, _ desk: PublishingDesk?, _ writer: Int32, now: Int) -> PredictionID? {
        underWay = nil
        guard let stored else {
            underWay = first?.predecessor
            return underWay
        }
        guard now - storedAt >= Self.intervalNanoseconds, let known = desk?.acknowledged(writer: writer),
            known > stored
        else { return nil }
        underWay = known
        return known
    }

    /// The batch with the last mark that `next` gave has been committed.
    mutating func committed(now: Int) {
        guard let underWay else { return }
        stored = underWay
        storedAt = now
        self.underWay = nil
    }

    /// Whether a mark should go though there is no batch to go with.
    func isDue(_ desk: PublishingDesk, _ writer: Int32, now: Int) -> Bool {
        guard let stored, now - storedAt >= Self.intervalNanoseconds else { return false }
        return desk.acknowledged(writer: writer).map { $0 > stored } ?? false
    }
}
