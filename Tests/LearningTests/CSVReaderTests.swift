import Learning
import Testing

struct CSVReaderTests {
    private func records(_ text: String) throws(CSVError) -> [[String]] {
        let bytes = Array(text.utf8)
        var reader = CSVReader(bytes.span)
        var records: [[String]] = []
        while try reader.next() {
            var record: [String] = []
            for index in reader.fields.indices { record.append(try reader.text(index)) }
            records.append(record)
        }
        return records
    }

    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a,b\n,\n", [["a", "b"], ["", ""]]),
        ("a,b\n\n1,2\n\n", [["a", "b"], ["1", "2"]]),
        ("a\n\n1\n", [["a"], [""], ["1"]]),
        ("\"a\",\"b,c\"\n\"1\n2\",\"say \"\"no\"\"\"\n", [["a", "b,c"], ["1\n2", "say \"no\""]]),
        ("\u{FEFF}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,\"\"", [["a", "b"], ["1", ""]]),
        ("", []),
    ]) func `records come out as RFC 4180 says`(text: String, expected: [[String]]) throws {
        #expect(try records(text) == expected)
    }

    @Test(arguments: [
        ("a,b\n1,2,3\n", CSVError(.ragged(expected: 2, found: 3), line: 2)),
        ("a,b\n1,2\n3\n", CSVError(.ragged(expected: 2, found: 1), line: 3)),
        ("a,b\n\"1\n2\",3\n4\n", CSVError(.ragged(expected: 2, found: 1), line: 4)),
        ("a,b\n1,\"2\n3,4\n", CSVError(.unterminatedQuote, line: 2)),
        ("a,b\n1,2\"3\n", CSVError(.strayQuote, line: 2)),
        ("a,b\n1,\"2\"3\n", CSVError(.strayQuote, line: 2)),
        ("a,b\n1\r2,3\n", CSVError(.strayCarriageReturn, line: 2)),
    ]) func `an error names its line`(text: String, expected: CSVError) {
        #expect(throws: expected) { try records(text) }
    }

    @Test func `a header has names that differ`() {
        for (text, kind) in [
            ("a,b,a\n", CSVError.Kind.duplicateName("a")), ("a,,b\n", .emptyName(column: 2)), ("", .noHeader),
        ] {
            #expect(throws: CSVError(kind, line: 1)) {
                var reader = CSVReader(Array(text.utf8).span)
                _ = try reader.header()
            }
        }
        #expect(throws: CSVError(.missingColumn("c", have: ["a", "b"]), line: 1)) {
            let bytes = Array("a,b\n".utf8)
            var reader = CSVReader(bytes.span)
            _ = try reader.header().index(of: "c")
        }
    }

    @Test func `a text that is not UTF-8 is an error`() {
        let bytes: [UInt8] = [0x61, 0x0A, 0xFF, 0x0A]
        #expect(throws: CSVError(.notUTF8, line: 2)) {
            var reader = CSVReader(bytes.span)
            _ = try reader.next()
            _ = try reader.next()
            _ = try reader.text(0)
        }
    }

    /// Found by libFuzzer: a window that began behind the mark, on the first line still, took another mark for one.
    @Test func `one byte order mark is passed over, wherever the window ends`() throws {
        let bytes = Array("\u{FEFF}\u{FEFF}a\n".utf8)
        for cut in 0..<bytes.count {
            let first = CSVReader(bytes.span.extracting(0..<cut), isFinal: false)
            var second = CSVReader(bytes.span.extracting(first.consumed..<bytes.count), line: first.nextLine)
            #expect(try second.next())
            #expect(try second.text(0) == "\u{FEFF}a", "cut at \(cut)")
        }
    }

    @Test func `a window that ends anywhere gives the same records`() throws {
        let text = "a,b\r\n\"1\n2\",\"say \"\"no\"\"\"\r\n\r\n3,4\r\n5,\"6\"\r\n"
        let expected = try records(text)
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var found: [[String]] = []
            var first = CSVReader(bytes.span.extracting(0..<cut), isFinal: false)
            while try first.next() { found.append([try first.text(0), try first.text(1)]) }
            var second = CSVReader(
                bytes.span.extracting(first.consumed..<bytes.count), width: found.isEmpty ? nil : 2,
                line: first.nextLine)
            while try second.next() { found.append([try second.text(0), try second.text(1)]) }
            #expect(found == expected, "cut at \(cut)")
            #expect(second.nextLine == 7, "cut at \(cut)")
        }
    }
}
