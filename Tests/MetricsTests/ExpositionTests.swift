import Bytes
import Metrics
import Testing

private func text(_ layout: MetricsLayout, _ shards: [MetricsShard]) -> String {
    var buffer = ByteBuffer()
    Exposition(layout).write(shards, into: &buffer)
    return buffer.text
}

@Suite struct ExpositionTests {
    @Test func `counters and gauges of all shards are summed`() {
        var layout = MetricsLayout()
        let batches = layout.counter("batches_total", help: "Batches committed.")
        let connections = layout.gauge("connections", help: "Open connections.")
        layout.gauge("resident_bytes", help: "Memory.") { 1.5e9 }
        layout.counter("cpu_seconds_total", help: "Time.") { 12.25 }
        let shards = [MetricsShard(layout), MetricsShard(layout)]
        batches.increment(shards[0])
        batches.increment(shards[1], by: 41)
        connections.set(7, shards[0])
        connections.add(2.5, shards[1])
        connections.add(-1, shards[1])
        #expect(
            text(layout, shards) == """
                # HELP batches_total Batches committed.
                # TYPE batches_total counter
                batches_total 42
                # HELP connections Open connections.
                # TYPE connections gauge
                connections 8.5
                # HELP resident_bytes Memory.
                # TYPE resident_bytes gauge
                resident_bytes 1500000000
                # HELP cpu_seconds_total Time.
                # TYPE cpu_seconds_total counter
                cpu_seconds_total 12.25

                """)
    }

    @Test func `every combination of label values is there in the order of the declaration`() {
        var layout = MetricsLayout()
        let requests = layout.counters(
            "requests_total", help: "Requests answered.",
            labels: [MetricLabel("route", ["/predict", "/history"]), MetricLabel("code", ["200", "400", "503"])])
        let state = layout.gauges("state", help: "One is one.", labels: [MetricLabel("is", ["up", "down"])])
        let shard = MetricsShard(layout)
        for route in 0..<2 {
            for code in 0..<3 { requests[route, code].increment(shard, by: 10 * route + code) }
        }
        state[1].set(1, shard)
        #expect(
            text(layout, [shard]) == """
                # HELP requests_total Requests answered.
                # TYPE requests_total counter
                requests_total{route="/predict",code="200"} 0
                requests_total{route="/predict",code="400"} 1
                requests_total{route="/predict",code="503"} 2
                requests_total{route="/history",code="200"} 10
                requests_total{route="/history",code="400"} 11
                requests_total{route="/history",code="503"} 12
                # HELP state One is one.
                # TYPE state gauge
                state{is="up"} 0
                state{is="down"} 1

                """)
    }

    @Test func `the buckets of a histogram are cumulative, and a bound belongs to its bucket`() {
        var layout = MetricsLayout()
        let first = layout.histogram("batch_rows", help: "Rows.", bounds: [1, 16])
        let seconds = layout.histograms(
            "request_seconds", help: "Time.", labels: [MetricLabel("route", ["a", "b"])], bounds: [0.005, 0.1, 1])
        let last = layout.counter("last_total", help: "Behind them.")
        let shards = [MetricsShard(layout), MetricsShard(layout)]
        first.observe(1, shards[0])
        for value in [0.001, 0.005, 0.0051, 1, 2] { seconds[1].observe(value, shards[0]) }
        seconds[1].observe(0.5, shards[1])
        last.increment(shards[1])
        #expect(seconds[1].count(shards) == 6)
        #expect(seconds[0].count(shards) == 0)
        #expect(
            text(layout, shards) == """
                # HELP batch_rows Rows.
                # TYPE batch_rows histogram
                batch_rows_bucket{le="1"} 1
                batch_rows_bucket{le="16"} 1
                batch_rows_bucket{le="+Inf"} 1
                batch_rows_sum 1
                batch_rows_count 1
                # HELP request_seconds Time.
                # TYPE request_seconds histogram
                request_seconds_bucket{route="a",le="0.005"} 0
                request_seconds_bucket{route="a",le="0.1"} 0
                request_seconds_bucket{route="a",le="1"} 0
                request_seconds_bucket{route="a",le="+Inf"} 0
                request_seconds_sum{route="a"} 0
                request_seconds_count{route="a"} 0
                request_seconds_bucket{route="b",le="0.005"} 2
                request_seconds_bucket{route="b",le="0.1"} 3
                request_seconds_bucket{route="b",le="1"} 5
                request_seconds_bucket{route="b",le="+Inf"} 6
                request_seconds_sum{route="b"} 3.5111
                request_seconds_count{route="b"} 6
                # HELP last_total Behind them.
                # TYPE last_total counter
                last_total 1

                """)
    }

    @Test func `help texts and label values are escaped`() {
        var layout = MetricsLayout()
        _ = layout.gauges(
            "a", help: "A \\ back\nslash, a \"quote\".", labels: [MetricLabel("b", ["\"", "\\", "\n", "é\r\n", ""])])
        #expect(
            text(layout, [MetricsShard(layout)]) == #"""
                # HELP a A \\ back\nslash, a "quote".
                # TYPE a gauge
                a{b="\""} 0
                a{b="\\"} 0
                a{b="\n"} 0

                """# + "a{b=\"é\r\\n\"} 0\na{b=\"\"} 0\n")
    }

    @Test func `numbers that are not finite are spelt as Prometheus reads them`() {
        var layout = MetricsLayout()
        layout.gauge("a", help: "A.") { .infinity }
        layout.gauge("b", help: "B.") { -.infinity }
        layout.gauge("c", help: "C.") { .nan }
        #expect(
            text(layout, []) == """
                # HELP a A.
                # TYPE a gauge
                a +Inf
                # HELP b B.
                # TYPE b gauge
                b -Inf
                # HELP c C.
                # TYPE c gauge
                c NaN

                """)
    }
}
