/// Why a CSV text cannot be read, with the line where it goes wrong (the first line is 1).
package struct CSVError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Kind: Equatable, Sendable {
        /// A record has another number of fields than the header.
        case ragged(expected: Int, found: Int)
        /// A quote was opened on this line and never closed.
        case unterminatedQuote
        /// A quote inside a field that does not start with one, or text behind the closing one (RFC 4180 §2.5).
        case strayQuote
        /// A carriage return without a line feed behind it (RFC 4180 §2.1).
        case strayCarriageReturn
        /// A record that does not end within the limit that was set.
        case tooLong(limit: Int)
        case notUTF8
        case noHeader
        case duplicateName(String)
        case emptyName(column: Int)
        case missingColumn(String, have: [String])
    }

    package let kind: Kind
    package let line: Int

    package init(_ kind: Kind, line: Int) {
        self.kind = kind
        self.line = line
    }

    package var description: String { "line \(line): \(problem)" }

    /// What is wrong, without the line.
    package var problem: String {
        switch kind {
        case .ragged(let expected, let found): "\(found) fields where the header has \(expected)"
        case .unterminatedQuote: "the quote opened here is never closed"
        case .strayQuote: "a quote in the middle of a field; a field with quotes is quoted, and its quotes are doubled"
        case .strayCarriageReturn: "a carriage return without a line feed"
        case .tooLong(let limit): "more than \(limit) bytes in one record: is a quote opened here and never closed?"
        case .notUTF8: "a text that is not UTF-8"
        case .noHeader: "no header"
        case .duplicateName(let name): "two columns are named \(name)"
        case .emptyName(let column): "column \(column) has no name"
        case .missingColumn(let name, let have): "no column \(name); there are \(have.joined(separator: ", "))"
        }
    }
}
