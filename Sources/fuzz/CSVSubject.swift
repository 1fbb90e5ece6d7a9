import Learning

extension Subject {
    /// However a text is cut into windows, its records are the same, and so is what is left out as unreadable.
    static let csv = Subject(
        "csv",
        seeds:
            "a,b\n1,2\n3,4\n", "a,b\r\n\"1\n2\",\"say \"\"no\"\"\"\r\n\r\n3,4\r\n5,\"6\"",
        "\u{FEFF}a,b\n,\n\n1\n2,3,4\n",
        "a,b\n1,\"open\n2,3\n4,5\"6\n", "customer_id,date,amount\nC-1,2026-01-01T00:00:00Z,1.5\n", "a\n\n1\r2\n"
    ) { bytes in
        let whole = outcome(bytes, step: max(1, bytes.count))
        for step in [1, 5] {
            let windows = outcome(bytes, step: step)
            precondition(whole == windows, "read whole: \(whole), in windows of \(step): \(windows)")
        }
    }
}

/// Short enough for inputs of a fuzzer to reach.
private let recordBytesMax = 200

/// Reads `bytes` in windows that grow by `step`, going past what cannot be read; one line of the outcome for each record.
private func outcome(_ bytes: [UInt8], step: Int) -> [String] {
    var outcome: [String] = []
    var (start, end, line, isInBadLine, width) = (0, min(step, bytes.count), 1, false, Int?.none)
    while true {
        let isFinal = end == bytes.count
        var reader = CSVReader(
            bytes.span.extracting(start..<end), isFinal: isFinal, width: width, line: line,
            recordBytesMax: recordBytesMax)
        if isInBadLine { reader.skipRestOfLine() }
        reading: while true {
            switch CSVStep(&reader) {
            case .end: break reading
            case .record:
                width = reader.fields.count
                outcome.append("\(reader.line): \(texts(reader))")
            case .bad:
                guard let record = reader.skipBadRecord() else { break reading }
                precondition(record.upperBound <= end - start, "a record beyond the window")
                outcome.append("\(reader.line)!")
            }
        }
        precondition(reader.consumed <= end - start, "more was read than there was")
        start += reader.consumed
        (line, isInBadLine) = (reader.nextLine, reader.isInBadLine)
        if isFinal { return outcome }
        end = min(end + step, bytes.count)
    }
}

private func texts(_ reader: borrowing CSVReader) -> [String] {
    reader.fields.indices.map { index in (try? reader.text(index)) ?? "not UTF-8" }
}
