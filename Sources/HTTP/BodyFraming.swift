import Bytes

/// How the end of a request's body is found (RFC 9112 §6.3).
public enum BodyFraming: Sendable, Equatable {
    /// There is no body.
    case none

    /// The body has this many octets; never zero and never above `Limits.bodyBytes`.
    case length(Int)

    /// The body comes in chunks (RFC 9112 §7.1).
    case chunked
}

/// Collects the framing fields of one head and decides on the framing at its end.
///
/// Where RFC 9112 lets a recipient repair a message, this refuses it: each repair is a place where the next recipient may
/// decide otherwise, which is how requests are smuggled (§11.2).
struct FramingFields {
    private var contentLength: Int?
    private var hasTransferEncoding = false
    private var chunkedCount = 0
    private var endsInChunked = false
    private var hasOtherCoding = false

    /// RFC 9110 §8.6: digits only, no sign.
    ///
    /// §8.6 also lets a recipient take a list of equal numbers for one number, or refuse it; refused here, like a repeated
    /// line. A number too large for an Int is too large for any limit.
    mutating func addContentLength(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(RequestError) {
        if contentLength != nil { throw RequestError(.repeatedContentLength) }
        if value.isEmpty { throw RequestError(.malformedContentLength) }
        var length = 0
        for offset in value {
            guard isDigit(bytes[offset]) else { throw RequestError(.malformedContentLength) }
            length = min(length, Int.max / 10 - 1) * 10 + Int(bytes[offset] & 0x0F)
        }
        contentLength = length
    }

    /// RFC 9112 §6.1: a list of codings, over all lines of the field.
    ///
    /// RFC 9110 §5.6.1.2 has empty elements ignored; other servers refuse them here, and nobody sends them in earnest.
    mutating func addTransferEncoding(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(RequestError) {
        hasTransferEncoding = true
        var start = value.lowerBound
        while start <= value.upperBound {
            let end = endOfElement(bytes, from: start, separator: 0x2C, to: value.upperBound)
            let element = bytes.trimmed(start..<end)
            start = end + 1
            if element.isEmpty { throw RequestError(.malformedTransferEncoding) }
            // Whole elements are compared: `chunked` has no parameters (RFC 9112 §7.1), and `xchunked` is another coding.
            endsInChunked = bytes.equalsIgnoringCase(element, "chunked")
            if endsInChunked {
                chunkedCount += 1
            } else {
                let name = ByteSet.token.run(bytes, from: element.lowerBound, to: element.upperBound)
                let next = element.lowerBound + name
                let isWhole = next == element.upperBound || bytes[next] == 0x3B || isWhitespace(bytes[next])
                guard name > 0, isWhole else { throw RequestError(.malformedTransferEncoding) }
                hasOtherCoding = true
            }
        }
    }

    /// RFC 9112 §6.1 and §6.3.
    func framing(minorVersion: UInt8, _ limits: Limits) throws(RequestError) -> BodyFraming {
        guard hasTransferEncoding else {
            guard let contentLength, contentLength > 0 else { return .none }
            guard contentLength <= limits.bodyBytes else { throw RequestError(.bodyTooLarge) }
            return .length(contentLength)
        }
        // §6.1: "a Transfer-Encoding in an HTTP/1.0 message MUST be treated as if the framing is faulty".
        guard minorVersion > 0 else { throw RequestError(.transferEncodingInOldVersion) }
        // §6.3 rule 3: both together "ought to be handled as an error".
        guard contentLength == nil else { throw RequestError(.bothLengths) }
        // §6.3 rule 4: without chunked as its last coding the length of a request cannot be found.
        guard endsInChunked else { throw RequestError(.chunkedIsNotLast) }
        // §6.1: "A sender MUST NOT apply the chunked transfer coding more than once".
        guard chunkedCount == 1 else { throw RequestError(.chunkedTwice) }
        // §6.1: a coding that is not understood is answered with 501.
        guard !hasOtherCoding else { throw RequestError(.unknownTransferCoding) }
        return .chunked
    }
}
