import Bytes

/// The fields whose values a `RequestHead` keeps for those who answer the request.
public enum KeptField: UInt8, Sendable, CaseIterable {
    case accept, acceptEncoding, authorization, contentEncoding, contentType
    case correlationID, idempotencyKey, ifNoneMatch, requestID, traceParent

    /// Whether the field may stand on several lines.
    var mayRepeat: Bool {
        switch self {
        // The value is a list (RFC 9110 §5.3).
        case .accept, .acceptEncoding, .ifNoneMatch: true
        // No list, but whoever cannot make sense of it goes on without (W3C Trace Context §3.2.2.5).
        case .traceParent: true
        // A name for the request; proxies add theirs, and a request with two has none.
        case .requestID, .correlationID: true
        default: false
        }
    }
}

/// A field that the parser knows by name; all others are checked and passed over.
enum FieldName {
    case kept(KeptField)
    case connection, contentLength, expect, host, transferEncoding
    case other

    /// Looks at the length and, where two names share it, at one letter; then at the whole name.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let candidate: FieldName
        let name: StaticString
        switch (range.count, lowercase(bytes[range.lowerBound])) {
        case (4, 0x68): (candidate, name) = (.host, "host")
        case (6, 0x61): (candidate, name) = (.kept(.accept), "accept")
        case (6, 0x65): (candidate, name) = (.expect, "expect")
        case (10, 0x63): (candidate, name) = (.connection, "connection")
        case (11, 0x74): (candidate, name) = (.kept(.traceParent), "traceparent")
        case (12, 0x63): (candidate, name) = (.kept(.contentType), "content-type")
        case (12, 0x78): (candidate, name) = (.kept(.requestID), "x-request-id")
        case (13, 0x61): (candidate, name) = (.kept(.authorization), "authorization")
        case (13, 0x69): (candidate, name) = (.kept(.ifNoneMatch), "if-none-match")
        case (14, 0x63): (candidate, name) = (.contentLength, "content-length")
        case (15, 0x61): (candidate, name) = (.kept(.acceptEncoding), "accept-encoding")
        case (15, 0x69): (candidate, name) = (.kept(.idempotencyKey), "idempotency-key")
        case (16, 0x63): (candidate, name) = (.kept(.contentEncoding), "content-encoding")
        case (16, 0x78): (candidate, name) = (.kept(.correlationID), "x-correlation-id")
        case (17, 0x74): (candidate, name) = (.transferEncoding, "transfer-encoding")
        default:
            self = .other
            return
        }
        self = bytes.equalsIgnoringCase(range, name) ? candidate : .other
    }
}
