/// How often values fell between fixed bounds.
///
/// An observation touches one bucket and the sum. That a bucket shows all values *up to* its bound, and how many there
/// were at all, is worked out at the scrape; so the count is never at odds with the buckets.
public struct Histogram: Metric {
    /// A cell a bucket, then one for what is above all bounds, then the bits of the sum.
    @usableFromInline let firstCell: Int
    @usableFromInline let firstBound: Int
    @usableFromInline let boundCount: Int

    @inlinable
    init(firstCell: Int, firstBound: Int, boundCount: Int) {
        self.firstCell = firstCell
        self.firstBound = firstBound
        self.boundCount = boundCount
    }

    @inlinable
    var sumCell: Int { firstCell &+ boundCount &+ 1 }

    /// Counts `value`, on the thread that owns `shard`.
    ///
    /// - Complexity: linear in the number of bounds below `value`.
    @inlinable
    public func observe(_ value: Double, _ shard: MetricsShard) {
        var bucket = 0
        while bucket < boundCount, value > shard.bound(firstBound &+ bucket) { bucket &+= 1 }
        shard.store(shard.load(firstCell &+ bucket) &+ 1, firstCell &+ bucket)
        shard.store((Double(bitPattern: shard.load(sumCell)) + value).bitPattern, sumCell)
    }

    /// How many values all shards have seen.
    public func count(_ shards: [MetricsShard]) -> Int {
        (0...boundCount).reduce(0) { $0 + Counter(cell: firstCell + $1).value(shards) }
    }

    /// The sum of all values that all shards have seen.
    public func sum(_ shards: [MetricsShard]) -> Double { Gauge(cell: sumCell).value(shards) }

    @inlinable
    public func moved(by cells: Int) -> Histogram {
        Histogram(firstCell: firstCell + cells, firstBound: firstBound, boundCount: boundCount)
    }
}
