import Learning
import Testing

struct CSVSkippingTests {
    private struct Outcome: Equatable {
        var records: [String] = []
        var bad: [String] = []
    }

    /// Reads `text` in windows that grow by `step` bytes, going past what cannot be read.
    private func outcome(_ text: String, step: Int = .max, recordBytesMax: Int = 1000) throws -> Outcome {
        let bytes = Array(text.utf8)
        var outcome = Outcome()
        var (start, end, line, isInBadLine) = (0, min(step, bytes.count), 1, false)
        while true {
            let isFinal = end == bytes.count
            var reader = CSVReader(
                bytes.span.extracting(start..<end), isFinal: isFinal, width: 2, line: line,
                recordBytesMax: recordBytesMax)
            if isInBadLine { reader.skipRestOfLine() }
            reading: while true {
                do {
                    guard try reader.next() else { break reading }
                    outcome.records.append("\(reader.line): \(try reader.text(0))|\(try reader.text(1))")
                } catch {
                    guard let record = reader.skipBadRecord() else { break reading }
                    let left = reader.bytes(in: record)
                    let words = String(decoding: left.indices.map { left[$0] }, as: UTF8.self)
                    outcome.bad.append("\(reader.line): \(words)")
                }
            }
            start += reader.consumed
            (line, isInBadLine) = (reader.nextLine, reader.isInBadLine)
            if isFinal { return outcome }
            end = min(end + step, bytes.count)
        }
    }

    @Test(arguments: [
        ("1,2\n3\n4,5\n", ["1: 1|2", "3: 4|5"], ["2: 3"]),
        ("1,\"x\ny\",3\n4,5\n", ["3: 4|5"], ["1: 1,\"x\ny\",3"]),
        ("1,2\"\r\n4,5\r\n", ["2: 4|5"], ["1: 1,2\""]),
        ("1\r,2\n4,5\n", ["2: 4|5"], ["1: 1\r,2"]),
        ("1,\"2\n4,5\n6,7", ["2: 4|5", "3: 6|7"], ["1: 1,\"2"]),
        ("1,\"2\n4,\"5\"\n6,7\n", ["2: 4|5", "3: 6|7"], ["1: 1,\"2"]),
        ("1,2\n3,\"4", ["1: 1|2"], ["2: 3,\"4"]),
        ("1,\"a\nb\"c\n4,5\n", ["3: 4|5"], ["1: 1,\"a", "2: b\"c"]),
    ]) func `what cannot be read costs its line, and reading goes on, wherever windows end`(
        text: String, records: [String], bad: [String]
    ) throws {
        for step in 1...text.utf8.count {
            #expect(try outcome(text, step: step) == Outcome(records: records, bad: bad), "windows of \(step)")
        }
    }

    @Test func `a quote that is never closed does not swallow the file`() throws {
        let rows = (2...500).map { "\($0),\($0)" }
        let text = "1,\"open\n" + rows.joined(separator: "\n") + "\n"
        for step in [7, 64, 1000, .max] {
            let outcome = try outcome(text, step: step, recordBytesMax: 50)
            #expect(outcome.bad == ["1: 1,\"open"], "windows of \(step)")
            #expect(outcome.records.count == 499)
        }
    }

    @Test func `a line beyond the limit is left out whole`() throws {
        let text = "1,2\n3," + String(repeating: "x", count: 300) + "\n4,5\n"
        for step in [1, 7, 64, 1000] {
            let outcome = try outcome(text, step: step, recordBytesMax: 50)
            #expect(outcome.records == ["1: 1|2", "3: 4|5"], "windows of \(step)")
            #expect(outcome.bad.count == 1)
        }
    }
}
