import Metrics
import Testing

@Suite struct MetricsLayoutTests {
    @Test func `a name declared twice traps`() async {
        await #expect(processExitsWith: .failure) {
            var layout = MetricsLayout()
            _ = layout.counter("a_total", help: "A.")
            _ = layout.gauge("a_total", help: "A.")
        }
    }

    @Test(arguments: ["", "1a", "a-b", "a b", "é"]) func `a name that Prometheus cannot read traps`(name: String) async
    {
        await #expect(processExitsWith: .failure) { [name] in
            var layout = MetricsLayout()
            _ = layout.counter(name, help: "A.")
        }
        await #expect(processExitsWith: .failure) { [name] in
            var layout = MetricsLayout()
            _ = layout.counters("a_total", help: "A.", labels: [MetricLabel(name, ["x"])])
        }
    }

    @Test func `bounds that do not rise trap`() async {
        await #expect(processExitsWith: .failure) {
            var layout = MetricsLayout()
            _ = layout.histogram("a", help: "A.", bounds: [1, 1])
        }
    }

    @Test func `a metric of another layout traps`() async {
        await #expect(processExitsWith: .failure) {
            var layout = MetricsLayout()
            let shard = MetricsShard(layout)
            layout.counter("a_total", help: "A.").increment(shard)
        }
    }

    @Test func `threads that count in their own shards lose nothing, and a scrape sees them grow`() async {
        var layout = MetricsLayout()
        let counter = layout.counter("a_total", help: "A.")
        let histogram = layout.histogram("b", help: "B.", bounds: [1, 2])
        let shards = (0..<4).map { [layout] _ in MetricsShard(layout) }
        await withTaskGroup { group in
            for shard in shards {
                group.addTask {
                    for round in 0..<20_000 {
                        counter.increment(shard)
                        histogram.observe(Double(round % 3) + 0.5, shard)
                    }
                }
            }
            group.addTask {
                var seen = 0
                while seen < 80_000 {
                    let now = counter.value(shards)
                    #expect(now >= seen)
                    seen = now
                    await Task.yield()
                }
            }
        }
        #expect(histogram.count(shards) == 80_000)
        #expect(abs(histogram.sum(shards) - 120_000) < 10)
    }
}
