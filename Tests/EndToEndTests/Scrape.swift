import TestSupport
import Testing

/// What `/metrics` said once.
struct Scrape {
    private let samples: [(series: Substring, value: Double)]

    init(_ client: TestClient) throws {
        let answer = try client.get("/metrics")
        try #require(answer.status == 200)
        #expect(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
        samples = answer.text.split(separator: "\n").compactMap { line in
            guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { return nil }
            return Double(line[line.index(after: space)...]).map { (line[..<space], $0) }
        }
    }

    /// The values of all samples of a metric whose labels hold these pairs, in their order.
    func values(_ name: String, _ labels: String...) -> [Double] { values(name, labels) }

    /// The sum of them.
    func sum(_ name: String, _ labels: String...) -> Double { values(name, labels).reduce(0, +) }

    private func values(_ name: String, _ labels: [String]) -> [Double] {
        samples.filter { sample in
            (sample.series == name || sample.series.hasPrefix(name + "{"))
                && labels.allSatisfy { sample.series.contains($0) }
        }.map(\.value)
    }

    /// Expects that a histogram's buckets grow up to its count.
    func expectBucketsAddUp(_ name: String, _ label: String? = nil) {
        let labels = label.map { [$0] } ?? []
        let buckets = values(name + "_bucket", labels)
        #expect(!buckets.isEmpty && buckets == buckets.sorted(), "\(name): \(buckets)")
        #expect(buckets.last == values(name + "_count", labels).first, "\(name): \(buckets)")
    }
}
