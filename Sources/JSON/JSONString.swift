/// Where a string lies in the text that a reader walks over.
///
/// The reader has checked it. `JSONReader.equals` compares it and `JSONReader.decode` copies it, both of the same text.
public struct JSONString: Equatable, Sendable {
    /// The raw bytes between the quotes.
    public let range: Range<Int>
    /// Whether there is a backslash: if not, the raw bytes are the string.
    public let isEscaped: Bool

    @inline(__always)
    init(range: Range<Int>, isEscaped: Bool) {
        self.range = range
        self.isEscaped = isEscaped
    }
}
