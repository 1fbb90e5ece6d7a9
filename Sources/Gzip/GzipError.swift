/// Why bytes were not unpacked.
package enum GzipError: Error, Equatable, Sendable {
    /// No gzip (RFC 1952), or damaged: a header, a block, a length or a check sum is wrong.
    case corrupt
    /// The bytes end before the last member does.
    case truncated
    /// Something that is no further member follows the last one.
    case trailingBytes
    /// There is more in it than was allowed.
    case tooLarge
}

extension GzipError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .corrupt: "the gzip data is damaged"
        case .truncated: "the gzip data ends too early"
        case .trailingBytes: "bytes follow the gzip data"
        case .tooLarge: "the unpacked data is too large"
        }
    }
}
