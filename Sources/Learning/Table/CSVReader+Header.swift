extension CSVReader {
    /// Reads the first record as names of columns: none empty, no two the same.
    package mutating func header() throws(CSVError) -> CSVHeader {
        guard let header = try header(isFinal: true) else { throw CSVError(.noHeader, line: 1) }
        return header
    }

    /// The same where more bytes may follow: nil when the first record is not complete.
    package mutating func header(isFinal: Bool) throws(CSVError) -> CSVHeader? {
        guard try next() else {
            if isFinal { throw CSVError(.noHeader, line: 1) }
            return nil
        }
        var names: [String] = []
        for index in fields.indices {
            let name = try text(index)
            if name.isEmpty { throw CSVError(.emptyName(column: index + 1), line: line) }
            if names.contains(name) { throw CSVError(.duplicateName(name), line: line) }
            names.append(name)
        }
        return CSVHeader(names: names, line: line)
    }
}

/// The names of the columns of a CSV text.
package struct CSVHeader: Sendable, Equatable {
    package let names: [String]
    package let line: Int

    /// The place of the column `name`.
    package func index(of name: String) throws(CSVError) -> Int {
        guard let index = names.firstIndex(of: name) else {
            throw CSVError(.missingColumn(name, have: names), line: line)
        }
        return index
    }
}
