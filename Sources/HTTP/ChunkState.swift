/// What the next octet of a chunked body belongs to.
enum ChunkState: Equatable, Sendable {
    /// A chunk size; goes to `sizeLF` or to `extension`.
    case size

    /// Behind the size, where chunk extensions may stand; goes to `sizeLF`.
    case `extension`(ChunkExtension)

    /// The LF that ends the line of the size; goes to `data`, or to `trailer` where the size was zero.
    case sizeLF

    /// Data; goes to `dataCR`, `dataLF` and back to `size`.
    case data
    case dataCR
    case dataLF

    /// The trailer section; goes to `end`.
    case trailer(TrailerLine)

    /// Nothing: the body is complete.
    case end
}
