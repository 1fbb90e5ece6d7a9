import Learning
import Testing

struct CSVTableReaderTests {
    private func table(_ bytes: [UInt8], window: Int) throws -> RawTable {
        var reader = CSVTableReader(SampleData.layout)
        var pending: [UInt8] = []
        var next = 0
        repeat {
            let end = min(next + window, bytes.count)
            pending += bytes[next..<end]
            next = end
            let consumed = try reader.read(pending.span, isFinal: next == bytes.count)
            pending.removeFirst(consumed)
        } while next < bytes.count
        return try reader.finish()
    }

    @Test(arguments: [1, 7, 64, 1000, 1 << 20]) func `windows of any size give the table of the whole`(window: Int)
        throws
    {
        let bytes = SampleData.csv(rows: 40)
        let whole = try RawTable(csv: bytes.span, SampleData.layout)
        let parts = try table(bytes, window: window)
        #expect(parts.labels == whole.labels && parts.customers == whole.customers && parts.lines == whole.lines)
        for (a, b) in zip(parts.columns, whole.columns) {
            switch (a.values, b.values) {
            case (.numbers(let left), .numbers(let right)): #expect(left.map(\.bitPattern) == right.map(\.bitPattern))
            case (.levels(let left, let leftNames), .levels(let right, let rightNames)):
                #expect(left == right && leftNames == rightNames)
            default: Issue.record("different kinds")
            }
        }
    }

    @Test func `customers are numbered by first appearance, however many there are`() throws {
        var lines = ["id,x,left"]
        for row in 0..<1000 { lines.append("\"c\"\"\(row % 333)\",\(row),\(row % 2 == 0 ? "yes" : "no")") }
        let table = try RawTable(csv: Array(lines.joined(separator: "\n").utf8).span, SampleData.layout)
        #expect(table.customers == (0..<1000).map { Int32($0 % 333) })
    }

    @Test func `a fault in a later window has its line`() throws {
        var lines = SampleData.lines(rows: 50)
        lines[40] += ",more"
        let bytes = Array(lines.joined(separator: "\n").utf8)
        #expect(throws: TrainingError.csv(CSVError(.ragged(expected: 6, found: 7), line: 41))) {
            try table(bytes, window: 100)
        }
    }
}
