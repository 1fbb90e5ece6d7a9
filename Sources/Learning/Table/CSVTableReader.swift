/// Reads a table from CSV bytes that come in windows, so that neither the bytes nor their fields are held as a whole.
package struct CSVTableReader {
    private let layout: CSVLayout
    private var collector: TableCollector?
    private var width: Int?
    private var line = 1

    package init(_ layout: CSVLayout) { self.layout = layout }

    /// Reads the complete records of `window`.
    ///
    /// - Parameters:
    ///   - window: begins with what the call before left over.
    ///   - isFinal: whether nothing follows.
    /// - Returns: how many bytes were read; the next window begins with the others.
    package mutating func read(_ window: Span<UInt8>, isFinal: Bool) throws(TrainingError) -> Int {
        var reader = CSVReader(window, isFinal: isFinal, width: width, line: line)
        if collector == nil { try readHeader(&reader, isFinal: isFinal) }
        while collector != nil, try Self.advance(&reader) { try collector?.append(reader) }
        line = reader.nextLine
        return reader.consumed
    }

    private mutating func readHeader(_ reader: inout CSVReader, isFinal: Bool) throws(TrainingError) {
        let header: CSVHeader
        do throws(CSVError) {
            guard let found = try reader.header(isFinal: isFinal) else { return }
            header = found
        } catch {
            throw .csv(error)
        }
        width = header.names.count
        collector = try TableCollector(header, layout)
    }

    /// Makes room for so many rows at once: columns that grow side by side leave holes in memory.
    package mutating func expect(rows: Int) { collector?.expect(rows: rows) }

    /// The number of rows so far.
    package var rows: Int { collector?.rows ?? 0 }

    package consuming func finish() throws(TrainingError) -> RawTable {
        guard let collector else { throw .csv(CSVError(.noHeader, line: 1)) }
        return try collector.finish()
    }

    private static func advance(_ reader: inout CSVReader) throws(TrainingError) -> Bool {
        do throws(CSVError) { return try reader.next() } catch { throw .csv(error) }
    }
}
