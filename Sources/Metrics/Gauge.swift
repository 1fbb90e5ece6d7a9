/// A number that rises and falls; what is shown is the sum over all shards.
public struct Gauge: Metric {
    let cell: Int

    /// Makes `value` this shard's share, on the thread that owns `shard`.
    public func set(_ value: Double, _ shard: MetricsShard) { shard.store(value.bitPattern, cell) }

    /// Adds `amount` to this shard's share, on the thread that owns `shard`.
    public func add(_ amount: Double, _ shard: MetricsShard) {
        set(Double(bitPattern: shard.load(cell)) + amount, shard)
    }

    /// The sum over all shards.
    public func value(_ shards: [MetricsShard]) -> Double {
        shards.reduce(0) { $0 + Double(bitPattern: $1.load(cell)) }
    }

    public func moved(by cells: Int) -> Gauge { Gauge(cell: cell + cells) }
}
