/// The list of all metrics of a process: declared once at the start, the same for every shard.
package struct MetricsLayout: Sendable {
    private(set) var families: [Family] = []
    private(set) var cellCount = 0
    private(set) var bounds: [Double] = []

    package init() {}

    /// What was declared under one name.
    struct Family: Sendable {
        let name: String
        let help: String
        let type: String
        let labels: [MetricLabel]
        let source: Source
    }

    /// Where a family's numbers come from: cells of the shards, from the first combination of label values on, or a
    /// function that is asked at each scrape.
    enum Source: Sendable {
        case counter(MetricFamily<Counter>, hidesZeros: Bool)
        case gauge(MetricFamily<Gauge>)
        case histogram(MetricFamily<Histogram>, bounds: [Double])
        case function(@Sendable () -> Double)
    }

    // MARK: Metrics without labels

    package mutating func counter(_ name: String, help: String) -> Counter {
        counters(name, help: help, labels: []).first
    }

    package mutating func gauge(_ name: String, help: String) -> Gauge { gauges(name, help: help, labels: []).first }

    /// - Parameter bounds: the inclusive upper bounds of the buckets, rising; a bucket without bound is added.
    package mutating func histogram(_ name: String, help: String, bounds: [Double]) -> Histogram {
        histograms(name, help: help, labels: [], bounds: bounds).first
    }

    /// A gauge whose value `read` tells at each scrape, on the scraping thread.
    package mutating func gauge(_ name: String, help: String, read: @escaping @Sendable () -> Double) {
        declare(Family(name: name, help: help, type: "gauge", labels: [], source: .function(read)))
    }

    /// A counter whose value `read` tells at each scrape, on the scraping thread.
    package mutating func counter(_ name: String, help: String, read: @escaping @Sendable () -> Double) {
        declare(Family(name: name, help: help, type: "counter", labels: [], source: .function(read)))
    }

    // MARK: Families

    /// - Parameter hidesZeros: leaves out combinations that have counted nothing, for families most of whose
    ///   combinations never happen.
    package mutating func counters(
        _ name: String, help: String, labels: [MetricLabel], hidesZeros: Bool = false
    ) -> MetricFamily<Counter> {
        let family = place(Counter(cell: cellCount), cells: 1, labels)
        let source = Source.counter(family, hidesZeros: hidesZeros)
        declare(Family(name: name, help: help, type: "counter", labels: labels, source: source))
        return family
    }

    package mutating func gauges(_ name: String, help: String, labels: [MetricLabel]) -> MetricFamily<Gauge> {
        let family = place(Gauge(cell: cellCount), cells: 1, labels)
        declare(Family(name: name, help: help, type: "gauge", labels: labels, source: .gauge(family)))
        return family
    }

    package mutating func histograms(
        _ name: String, help: String, labels: [MetricLabel], bounds: [Double]
    ) -> MetricFamily<Histogram> {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "the bounds of \(name) do not rise")
        precondition(bounds.allSatisfy(\.isFinite), "a bound of \(name) is not finite")
        precondition(labels.allSatisfy { $0.name != "le" }, "\(name): the label `le` is the bound of a bucket")
        let first = Histogram(firstCell: cellCount, firstBound: self.bounds.count, boundCount: bounds.count)
        let family = place(first, cells: bounds.count + 2, labels)
        let source = Source.histogram(family, bounds: bounds)
        declare(Family(name: name, help: help, type: "histogram", labels: labels, source: source))
        self.bounds += bounds
        return family
    }

    // MARK: Places

    /// Takes `cells` cells for each combination of label values.
    private mutating func place<Member: Metric>(
        _ first: Member, cells: Int, _ labels: [MetricLabel]
    ) -> MetricFamily<Member> {
        precondition(labels.count <= 3, "more than three labels")
        let sizes = labels.map(\.values.count) + [1, 1, 1]
        cellCount += cells * sizes[0] * sizes[1] * sizes[2]
        return MetricFamily(first: first, stride: cells, counts: (sizes[0], sizes[1], sizes[2]))
    }

    private mutating func declare(_ family: Family) {
        precondition(!families.contains { $0.name == family.name }, "\(family.name) is declared twice")
        precondition(isName(family.name, allowing: 0x3A), "\(family.name) cannot name a metric")
        for label in family.labels {
            precondition(isName(label.name, allowing: 0x5F), "\(label.name) cannot name a label")
            precondition(Set(label.values).count == label.values.count, "\(label.name) has a value twice")
        }
        families.append(family)
    }
}

/// Whether `text` is made of letters, digits and underscores, or the byte `more`, and begins with no digit.
private func isName(_ text: String, allowing more: UInt8) -> Bool {
    for (index, byte) in text.utf8.enumerated() {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x5F, more: continue
        case 0x30...0x39 where index > 0: continue
        default: return false
        }
    }
    return !text.isEmpty
}
