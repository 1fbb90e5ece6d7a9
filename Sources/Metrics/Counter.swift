/// A number that only grows.
public struct Counter: Metric {
    @usableFromInline let cell: Int

    @inlinable
    init(cell: Int) { self.cell = cell }

    /// Adds `amount`, on the thread that owns `shard`.
    @inlinable
    public func increment(_ shard: MetricsShard, by amount: Int = 1) {
        precondition(amount >= 0, "a counter does not fall")
        shard.store(shard.load(cell) &+ UInt64(truncatingIfNeeded: amount), cell)
    }

    /// What all shards have counted.
    public func value(_ shards: [MetricsShard]) -> Int {
        Int(truncatingIfNeeded: shards.reduce(0) { $0 &+ $1.load(cell) })
    }

    @inlinable
    public func moved(by cells: Int) -> Counter { Counter(cell: cell + cells) }
}
