import Bytes

/// The codings that a request's body may have been given (RFC 9110 §8.4.1).
public enum ContentCoding: Sendable, Equatable {
    case identity
    case gzip

    /// The coding that the value of Content-Encoding names; a request without the field has none.
    ///
    /// - Throws: 415 for all other codings, and for more than one (RFC 9110 §8.4).
    public init(_ bytes: Span<UInt8>, contentEncoding: Range<Int>?) throws(RequestError) {
        self = .identity
        guard let contentEncoding else { return }
        var list = ListReader(contentEncoding)
        while let coding = list.next(bytes) {
            if bytes.equalsIgnoringCase(coding, "identity") { continue }
            let isGzip = bytes.equalsIgnoringCase(coding, "gzip") || bytes.equalsIgnoringCase(coding, "x-gzip")
            guard isGzip, self == .identity else { throw RequestError(.unknownContentCoding) }
            self = .gzip
        }
    }
}
