import TestSupport
import Testing

/// The external checker: what callers were told, what the table has and what can be read from Kafka, side by side.
struct Published {
    let psql: Psql
    let reader: KafkaReader

    /// Waits until every row of the table has an event, and looks that nothing else was published.
    ///
    /// - Parameter times: how many events of each row are waited for.
    /// - Returns: how often each prediction was published.
    @discardableResult
    func expectEveryRow(
        times: Int = 1, within seconds: Double = 30, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [String: Int] {
        let stored = Set(try psql.rows("SELECT id FROM predictions"))
        var isComplete: Bool { self.counts.filter { $0.value >= times }.count >= stored.count }
        try? eventually("every row to be published", within: seconds) { isComplete }
        if !isComplete {
            // What counts is what the topic has; one reader may have passed something over.
            let before = reader.messages.count
            try reader.follow()
            try? eventually("every row to be found in the topic", within: 10) { isComplete }
            print("read again: \(reader.messages.count - before) messages more, \(reader.log)")
        }
        let counts = counts
        let missing = stored.subtracting(counts.keys)
        let described = try missing.isEmpty ? "" : describe(missing, of: stored.count)
        #expect(missing.isEmpty, "\(described)", sourceLocation: sourceLocation)
        let made = Set(counts.keys).subtracting(stored)
        #expect(made.isEmpty, "\(made.count) that are no rows", sourceLocation: sourceLocation)
        return counts
    }

    /// Whether the service still had missing rows to publish, or believes that Kafka has them.
    private func describe(_ missing: Set<String>, of count: Int) throws -> String {
        let acknowledged = try psql.value(
            """
            SELECT count(*) FROM predictions p JOIN writers w ON w.id = p.writer \
            WHERE p.id = ANY ('{\(missing.joined(separator: ","))}') AND p.id <= w.acknowledged
            """)
        return "\(missing.count) of \(count) missing; up to the mark of their writer: \(acknowledged)"
    }

    private var counts: [String: Int] {
        reader.messages.reduce(into: [:]) { $0[$1.headers["ce_id"] ?? "?", default: 0] += 1 }
    }

    /// Looks that each prediction that callers were told of has been published.
    func expect(_ told: Load.Record, sourceLocation: SourceLocation = #_sourceLocation) {
        let published = Set(reader.messages.compactMap { $0.headers["ce_id"] })
        let lost = Set(told.acknowledged.values).subtracting(published)
        #expect(lost.isEmpty, "\(lost.count) of \(told.acknowledged.count)", sourceLocation: sourceLocation)
    }
}
