package import Bytes

/// All metrics of a layout as text, in the Prometheus exposition format 0.0.4.
///
/// Families appear in the order of their declaration, members in the order of their label values, also those that have
/// counted nothing yet unless their family hides them. Everything that stays the same is rendered once, here.
package struct Exposition: Sendable {
    package static let contentType: StaticString = "text/plain; version=0.0.4; charset=utf-8"

    private var pieces: [Piece] = []

    /// Bytes that are always the same, and the number behind them.
    private enum Piece: Sendable {
        case text([UInt8])
        case counter([UInt8], Counter, hidesZero: Bool)
        case gauge([UInt8], Gauge)
        case function([UInt8], @Sendable () -> Double)
        /// A prefix a bucket, the last one without bound; then those of the sum and of the count.
        case histogram(buckets: [[UInt8]], sum: [UInt8], count: [UInt8], Histogram)
    }

    package init(_ layout: MetricsLayout) {
        for family in layout.families { append(family) }
    }

    /// Appends the text of the sums over `shards`, all of which are of this layout.
    ///
    /// Their threads go on counting meanwhile: numbers of different metrics may be of slightly different moments.
    package func write(_ shards: [MetricsShard], into buffer: inout ByteBuffer) {
        for piece in pieces {
            switch piece {
            case .text(let text): buffer.append(text)
            case .counter(let prefix, let counter, let hidesZero):
                let value = counter.value(shards)
                if hidesZero, value == 0 { continue }
                buffer.append(prefix)
                buffer.append(line: value)
            case .gauge(let prefix, let gauge):
                buffer.append(prefix)
                buffer.append(line: gauge.value(shards))
            case .function(let prefix, let read):
                buffer.append(prefix)
                buffer.append(line: read())
            case .histogram(let buckets, let sum, let count, let histogram):
                var total = 0
                for (index, prefix) in buckets.enumerated() {
                    total += Counter(cell: histogram.firstCell + index).value(shards)
                    buffer.append(prefix)
                    buffer.append(line: total)
                }
                buffer.append(sum)
                buffer.append(line: histogram.sum(shards))
                buffer.append(count)
                buffer.append(line: total)  // not read again: it equals the bucket without bound
            }
        }
    }

    // MARK: Prefixes

    private mutating func append(_ family: MetricsLayout.Family) {
        let name = family.name
        let header = "# HELP \(name) \(escaped(family.help, quotes: false))\n# TYPE \(name) \(family.type)\n"
        pieces.append(.text(Array(header.utf8)))
        let combinations = family.labels.combinations
        switch family.source {
        case .counter(let family, let hidesZeros):
            for (index, labels) in combinations.enumerated() {
                let counter = family.first.moved(by: index * family.stride)
                pieces.append(.counter(prefix(name, labels), counter, hidesZero: hidesZeros))
            }
        case .gauge(let family):
            for (index, labels) in combinations.enumerated() {
                pieces.append(.gauge(prefix(name, labels), family.first.moved(by: index * family.stride)))
            }
        case .histogram(let family, let bounds):
            for (index, labels) in combinations.enumerated() {
                append(name, labels, bounds, family.first.moved(by: index * family.stride))
            }
        case .function(let read): pieces.append(.function(prefix(name, []), read))
        }
    }

    private mutating func append(
        _ name: String, _ labels: [(String, String)], _ bounds: [Double], _ histogram: Histogram
    ) {
        var buckets = bounds.map { bound in
            var text = ByteBuffer()
            text.append(shortest: bound)
            return prefix(name + "_bucket", labels + [("le", text.text)])
        }
        buckets.append(prefix(name + "_bucket", labels + [("le", "+Inf")]))
        pieces.append(
            .histogram(
                buckets: buckets, sum: prefix(name + "_sum", labels), count: prefix(name + "_count", labels), histogram)
        )
    }
}

/// `name{label="value",…} `, or `name ` without labels.
private func prefix(_ name: String, _ labels: [(String, String)]) -> [UInt8] {
    let list = labels.map { "\($0.0)=\"\(escaped($0.1, quotes: true))\"" }.joined(separator: ",")
    return Array((list.isEmpty ? "\(name) " : "\(name){\(list)} ").utf8)
}

/// A help text escapes backslash and line feed; the value of a label the double quote, too.
private func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\"" where quotes: result += "\\\""
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

extension [MetricLabel] {
    /// All combinations of values, the last label's changing fastest: the order of a family's cells.
    fileprivate var combinations: [[(String, String)]] {
        reduce([[]]) { shorter, label in
            shorter.flatMap { start in label.values.map { start + [(label.name, $0)] } }
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func append(line value: Int) {
        append(decimal: value)
        append(byte: 0x0A)
    }

    fileprivate mutating func append(line value: Double) {
        if value.isFinite {
            append(shortest: value)
        } else {
            append(value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf")
        }
        append(byte: 0x0A)
    }
}
